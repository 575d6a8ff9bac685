//! Mistakes are errors that say what to do, and leave everything as it was.

#![cfg(feature = "candle")]

mod candle_support;

use candle_core::{DType, Device, Tensor, Var};
use candle_nn::{Optimizer, VarMap};
use candle_support::{Classifier, TestResult, values};
use paramgroups::candle::{AdamW, GroupedConfig, GroupedOptimizer, NamedVars, ParamState, Sgd};
use paramgroups::candle::{Hyper, UpdateRule};
use paramgroups::{Error, FineTune, Groups, Plan, Splitter};

fn message<T>(result: paramgroups::Result<T>) -> String {
    match result {
        Ok(_) => panic!("no error"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_variable_in_no_group() -> TestResult {
    let model = Classifier::new()?;
    let partition = Groups::new().rest("all").split(["body.weight"])?;
    let message = message(GroupedOptimizer::new(
        &model.vars,
        partition,
        AdamW::default(),
    ));
    assert!(message.contains("`body.bias` is in no group"), "{message}");
    Ok(())
}

#[test]
fn a_parameter_without_a_variable() -> TestResult {
    let model = Classifier::new()?;
    let vars = NamedVars::from(&model.vars);
    let mut paths: Vec<String> = vars.iter().map(|(path, _)| path.to_owned()).collect();
    paths.push("tail.weight".into());
    let partition = Groups::new().rest("all").split(paths)?;
    let message = message(GroupedOptimizer::new(vars, partition, AdamW::default()));
    assert!(
        message.contains("`tail.weight`, which the model does not have"),
        "{message}"
    );
    Ok(())
}

#[test]
fn a_variable_of_another_shape() -> TestResult {
    let weight = Var::zeros((2, 3), DType::F32, &Device::Cpu)?;
    let other: NamedVars = [("w", Var::zeros((3, 2), DType::F32, &Device::Cpu)?)]
        .into_iter()
        .collect();
    let partition = Groups::new().rest("all").split(other.parameters())?;
    let vars: NamedVars = [("w", weight)].into_iter().collect();
    let message = message(GroupedOptimizer::new(vars, partition, Sgd::default()));
    assert!(
        message.contains("[3, 2] in the partition and [2, 3] in the model"),
        "{message}"
    );
    Ok(())
}

#[test]
fn one_variable_under_two_paths() -> TestResult {
    let weight = Var::zeros(2, DType::F32, &Device::Cpu)?;
    let vars: NamedVars = [("a", weight.clone()), ("b", weight)].into_iter().collect();
    let partition = Groups::new().rest("all").split(vars.parameters())?;
    let message = message(GroupedOptimizer::new(vars, partition, Sgd::default()));
    assert!(
        message.contains("`a` and `b` are one parameter"),
        "{message}"
    );
    Ok(())
}

#[test]
fn one_path_for_two_variables() -> TestResult {
    let var = || Var::zeros(2, DType::F32, &Device::Cpu);
    let vars: NamedVars = [("a", var()?), ("a", var()?)].into_iter().collect();
    let partition = Groups::new().rest("all").split(["a"])?;
    let result = GroupedOptimizer::new(vars, partition, Sgd::default());
    assert!(matches!(result, Err(Error::DuplicatePath { .. })));
    Ok(())
}

#[test]
fn an_empty_store() {
    let vars = NamedVars::from(&VarMap::new());
    let result = Groups::new().rest("all").split(vars.parameters());
    assert!(matches!(result, Err(Error::NoParameters)));
}

#[test]
fn rates_decay_and_momenta_out_of_range() -> TestResult {
    let model = Classifier::new()?;
    let mut optimizer = model.optimizer(AdamW::default())?;
    optimizer.set_learning_rates(1e-3..=1e-1)?;
    let before = optimizer.partition().state();
    for result in [
        optimizer.set_learning_rates(f64::NAN),
        optimizer.set_learning_rates(-1.0),
        optimizer.set_learning_rates([1.0, 2.0]),
        optimizer.set_weight_decay(f64::INFINITY),
        optimizer.set_momenta(&[0.9, 0.9, 1.0]),
        optimizer.set_momenta(&[0.9]),
        optimizer.freeze_to(3),
        optimizer.freeze_except(["haed"]),
    ] {
        assert!(result.is_err());
    }
    assert_eq!(optimizer.partition().state(), before);
    Ok(())
}

#[test]
fn a_rate_that_the_trait_cannot_refuse_makes_the_next_step_an_error() -> TestResult {
    let model = Classifier::new()?;
    let mut optimizer = model.optimizer(Sgd::default())?;
    Optimizer::set_learning_rate(&mut optimizer, f64::NAN);
    let before = values(&model.vars)?;
    assert!(message(optimizer.backward_step(&model.loss()?)).contains("learning rate NaN"));
    assert_eq!(before, values(&model.vars)?);
    Optimizer::set_learning_rate(&mut optimizer, 0.1);
    optimizer.backward_step(&model.loss()?)?;
    Ok(())
}

#[test]
fn a_gradient_that_does_not_fit_moves_nothing() -> TestResult {
    let model = Classifier::new()?;
    let mut optimizer = model.optimizer(AdamW::default())?;
    let mut grads = model.loss()?.backward()?;
    let weight = model.var("head.weight");
    grads.insert(&weight, Tensor::zeros((2, 19), DType::F32, &Device::Cpu)?);
    let before = values(&model.vars)?;
    let message = message(optimizer.step(&grads));
    assert!(
        message.contains("the gradient of `head.weight` is F32 [2, 19]"),
        "{message}"
    );
    assert_eq!(before, values(&model.vars)?);
    Ok(())
}

#[test]
fn a_partition_of_another_model_is_not_taken_over() -> TestResult {
    let model = Classifier::new()?;
    let mut optimizer = model.optimizer(AdamW::default())?;
    let other = Groups::new()
        .rest("all")
        .split(model.partition()?.parameters())?;
    assert!(matches!(
        optimizer.set_partition(other),
        Err(Error::StateGroups { .. })
    ));
    Ok(())
}

#[test]
fn a_plan_for_other_groups() -> TestResult {
    let model = Classifier::new()?;
    let two = Groups::new()
        .rest("body")
        .group("head", "head")
        .split(model.partition()?.parameters())?;
    let plan = Plan::fine_tune(&two, 1e-3, FineTune::new(1, 1))?;
    let mut optimizer = model.optimizer(AdamW::default())?;
    let result = optimizer.follow(plan.step(0)?);
    assert!(matches!(
        result,
        Err(Error::WrongPlan { plan: 2, groups: 3 })
    ));
    Ok(())
}

#[test]
fn figures_of_a_rule_out_of_range() -> TestResult {
    let model = Classifier::new()?;
    let adamw = AdamW::default();
    for rule in [
        AdamW {
            beta1: 1.0,
            ..adamw
        },
        AdamW {
            beta2: f64::NAN,
            ..adamw
        },
        AdamW { eps: -1.0, ..adamw },
    ] {
        let result = GroupedOptimizer::new(&model.vars, model.partition()?, rule);
        assert!(matches!(result, Err(Error::OutOfRange { .. })), "{rule:?}");
    }
    let velocity = Sgd {
        momentum: -0.1,
        ..Sgd::default()
    };
    let result = GroupedOptimizer::new(&model.vars, model.partition()?, velocity);
    assert!(matches!(result, Err(Error::OutOfRange { .. })));
    Ok(())
}

#[test]
fn nesterov_without_momentum() -> TestResult {
    let model = Classifier::new()?;
    let nesterov = Sgd {
        momentum: 0.9,
        nesterov: true,
        ..Sgd::default()
    };
    let without = Sgd {
        momentum: 0.0,
        ..nesterov
    };
    let refused = GroupedOptimizer::new(&model.vars, model.partition()?, without);
    assert!(message(refused).contains("give a momentum above 0"));

    let mut optimizer = model.optimizer(nesterov)?;
    let refused = optimizer.set_momenta(&[0.9, 0.0, 0.9]);
    assert!(matches!(refused, Err(Error::Unsupported { .. })));
    optimizer.set_momenta(&[0.9, 0.8, 0.9])?;
    Ok(())
}

struct Still;

impl UpdateRule for Still {
    fn name(&self) -> &'static str {
        "Still"
    }
    fn state_names(&self) -> &'static [&'static str] {
        &[]
    }
    fn update(&self, _: &Var, _: &Tensor, _: Hyper, _: &mut ParamState) -> candle_core::Result<()> {
        Ok(())
    }
}

#[test]
fn momentum_for_a_rule_without_one() -> TestResult {
    let model = Classifier::new()?;
    let mut optimizer = model.optimizer(Still)?;
    let plan = Plan::fine_tune(optimizer.partition(), 1e-3, FineTune::new(1, 1))?;
    let before = optimizer.partition().state();
    let result = optimizer.follow(plan.step(0)?);
    assert!(matches!(result, Err(Error::Unsupported { .. })));
    assert_eq!(optimizer.partition().state(), before);
    optimizer.follow_rates(plan.step(0)?)?;
    Ok(())
}

#[test]
fn the_traits_constructor_refuses_a_variable_without_a_group() -> TestResult {
    let model = Classifier::new()?;
    let config = || -> paramgroups::Result<GroupedConfig> {
        Ok(GroupedConfig::new(
            &model.vars,
            model.partition()?,
            Sgd::default(),
        ))
    };
    let mut vars = model.vars.all_vars();
    vars.push(Var::zeros((5, 7), DType::F32, &Device::Cpu)?);
    let error = <GroupedOptimizer as Optimizer>::new(vars, config()?)
        .err()
        .expect("an error");
    assert!(
        error.to_string().contains("shape [5, 7] is in no group"),
        "{error}"
    );

    let missing = model.vars.all_vars().split_off(1);
    let error = <GroupedOptimizer as Optimizer>::new(missing, config()?)
        .err()
        .expect("an error");
    assert!(
        error.to_string().contains("which the model does not have"),
        "{error}"
    );
    Ok(())
}

#[test]
fn a_weight_decay_for_a_wrapped_optimizer() -> TestResult {
    let model = Classifier::new()?;
    let mut partition = model.partition()?;
    partition.set_weight_decay(0.1)?;
    let result = GroupedOptimizer::wrapping::<candle_nn::SGD>(&model.vars, partition, 0.1);
    assert!(matches!(result, Err(Error::Unsupported { .. })));
    Ok(())
}
