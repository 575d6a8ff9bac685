//! tch's groups from a partition: set before `build`, driven afterwards.

#![cfg(feature = "tch")]

use std::collections::BTreeMap;

use paramgroups::tch::{GroupedOptimizer, parameters, regroup};
use paramgroups::{
    ByModule, DecayRule, Error, FineTune, Groups, LayerDecay, Partition, Plan, Splitter,
};
use tch::nn::{self, Module, OptimizerConfig, VarStore};
use tch::{Device, Kind, Tensor};

type TestResult = Result<(), Box<dyn std::error::Error>>;

struct Classifier {
    vs: VarStore,
    layers: nn::Sequential,
}

impl Classifier {
    fn new() -> Self {
        tch::manual_seed(7);
        let vs = VarStore::new(Device::Cpu);
        let root = vs.root();
        let layers = nn::seq()
            .add(nn::linear(&root / "layer1", 10, 20, Default::default()))
            .add_fn(Tensor::relu)
            .add(nn::linear(&root / "layer2", 20, 20, Default::default()))
            .add_fn(Tensor::relu)
            .add(nn::linear(&root / "layer10", 20, 2, Default::default()));
        Self { vs, layers }
    }

    fn loss(&self) -> Tensor {
        let points = Tensor::arange(640, (Kind::Float, Device::Cpu))
            .sin()
            .view([64, 10]);
        let classes = points.select(1, 0).ge(0.0).to_kind(Kind::Int64);
        self.layers
            .forward(&points)
            .cross_entropy_for_logits(&classes)
    }

    /// Three groups: layer1, layer2, layer10.
    fn partition(&self) -> Result<Partition, Error> {
        ByModule::top_level().split(parameters(&self.vs))
    }

    fn values(&self) -> Result<BTreeMap<String, Vec<f32>>, tch::TchError> {
        let variables = self.vs.variables().into_iter();
        variables
            .map(|(path, tensor)| Ok((path, Vec::try_from(tensor.detach().flatten(0, -1))?)))
            .collect()
    }

    fn groups(&self) -> Vec<usize> {
        let variables = self.vs.variables_.lock().expect("an unpoisoned lock");
        variables
            .trainable_variables
            .iter()
            .map(|var| var.group)
            .collect()
    }
}

#[test]
fn parameters_come_in_the_order_of_construction() {
    let paths: Vec<String> = parameters(&Classifier::new().vs)
        .iter()
        .map(|parameter| parameter.path().into())
        .collect();
    assert_eq!(paths.len(), 6);
    assert!(
        paths[..2].iter().all(|path| path.starts_with("layer1.")),
        "{paths:?}"
    );
    assert!(
        paths[4..].iter().all(|path| path.starts_with("layer10.")),
        "{paths:?}"
    );
}

#[test]
fn running_statistics_are_no_parameters() -> TestResult {
    let vs = VarStore::new(Device::Cpu);
    let _norm = nn::batch_norm1d(vs.root() / "norm", 4, Default::default());
    let parameters = parameters(&vs);
    assert_eq!(parameters.len(), 2, "{parameters:?}");
    Ok(())
}

#[test]
fn a_store_is_regrouped_by_path() -> TestResult {
    let model = Classifier::new();
    assert_eq!(model.groups(), [0; 6]);
    regroup(&model.vs, &model.partition()?)?;
    assert_eq!(model.groups(), [0, 0, 1, 1, 2, 2]);
    let mut optimizer = nn::Sgd::default().build(&model.vs, 0.1)?;
    optimizer.set_lr_group(0, 0.0);
    let before = model.values()?;
    optimizer.backward_step(&model.loss());
    let after = model.values()?;
    assert_eq!(before["layer1.weight"], after["layer1.weight"]);
    assert_ne!(before["layer10.weight"], after["layer10.weight"]);
    Ok(())
}

#[test]
fn regrouping_after_build_is_refused() -> TestResult {
    let model = Classifier::new();
    let optimizer = nn::Sgd::default().build(&model.vs, 0.1)?;
    let refused = regroup(&model.vs, &model.partition()?);
    let message = refused.expect_err("the optimizer is built").to_string();
    assert!(message.contains("regroup before it"), "{message}");
    assert_eq!(model.groups(), [0; 6]);
    drop(optimizer);
    regroup(&model.vs, &model.partition()?)?;
    Ok(())
}

#[test]
fn what_the_partition_does_not_cover_is_refused() -> TestResult {
    let model = Classifier::new();
    let partial = Groups::new()
        .rest("all")
        .split(["layer1.weight", "layer1.bias"])?;
    assert!(matches!(
        regroup(&model.vs, &partial),
        Err(Error::UnknownParameter { .. })
    ));
    let mut more = parameters(&model.vs);
    more.push("tail.weight".into());
    let more = Groups::new().rest("all").split(more)?;
    assert!(matches!(
        regroup(&model.vs, &more),
        Err(Error::AbsentParameter { path }) if path == "tail.weight"
    ));
    assert_eq!(model.groups(), [0; 6]);
    Ok(())
}

#[test]
fn frozen_groups_stand_still_though_they_had_a_gradient() -> TestResult {
    let model = Classifier::new();
    let config = nn::Sgd {
        momentum: 0.9,
        ..Default::default()
    };
    let mut optimizer = GroupedOptimizer::build(&model.vs, model.partition()?, config)?;
    optimizer.set_learning_rates(0.1)?;
    optimizer.backward_step(&model.loss())?;
    // Gradients of the whole model are there when the body is frozen.
    model.loss().backward();
    optimizer.freeze()?;
    let before = model.values()?;
    for _ in 0..3 {
        optimizer.backward_step(&model.loss())?;
    }
    let after = model.values()?;
    assert_eq!(before["layer1.weight"], after["layer1.weight"]);
    assert_eq!(before["layer2.bias"], after["layer2.bias"]);
    assert_ne!(before["layer10.weight"], after["layer10.weight"]);
    optimizer.check_gradients()?;

    optimizer.unfreeze();
    optimizer.backward_step(&model.loss())?;
    assert_ne!(after["layer1.weight"], model.values()?["layer1.weight"]);
    Ok(())
}

#[test]
fn each_group_moves_at_its_own_rate() -> TestResult {
    let model = Classifier::new();
    let mut optimizer = GroupedOptimizer::build(&model.vs, model.partition()?, nn::Sgd::default())?;
    optimizer.set_learning_rates([0.5, 0.25, 0.125])?;
    let before = model.values()?;
    optimizer.backward_step(&model.loss())?;
    let after = model.values()?;
    let variables = model.vs.variables();
    for (path, rate) in [
        ("layer1.weight", 0.5),
        ("layer2.weight", 0.25),
        ("layer10.bias", 0.125),
    ] {
        let grad = Vec::<f32>::try_from(variables[path].grad().flatten(0, -1))?;
        for ((before, after), grad) in before[path].iter().zip(&after[path]).zip(grad) {
            let gap = before - rate * grad - after;
            assert!(gap.abs() < 1e-6, "{path}: {gap}");
        }
    }
    Ok(())
}

#[test]
fn weight_decay_goes_by_group_and_spares_what_is_exempt() -> TestResult {
    let model = Classifier::new();
    let mut partition = model.partition()?;
    partition.set_learning_rates(1.0)?;
    partition.set_weight_decay([0.5, 0.0, 0.0])?;
    partition.exempt_from_decay(&DecayRule::NormAndBias)?;
    let mut optimizer = GroupedOptimizer::build(&model.vs, partition, nn::Sgd::default())?;
    let before = model.values()?;
    // A loss whose gradient is zero: what moves is moved by decay.
    optimizer.backward_step(&(model.loss() * 0.0))?;
    let after = model.values()?;
    assert_eq!(before["layer1.bias"], after["layer1.bias"]);
    assert_eq!(before["layer2.weight"], after["layer2.weight"]);
    let halved = before["layer1.weight"].iter().zip(&after["layer1.weight"]);
    for (before, after) in halved {
        assert!((before * 0.5 - after).abs() < 1e-6);
    }
    Ok(())
}

#[test]
fn a_plan_drives_every_optimizer_of_tchs() -> TestResult {
    fn follow(config: impl OptimizerConfig) -> TestResult {
        let model = Classifier::new();
        let partition = model.partition()?;
        let plan = Plan::fine_tune(&partition, 1e-2, FineTune::new(1, 3))?;
        let mut optimizer = GroupedOptimizer::build(&model.vs, partition, config)?;
        let start = model.values()?;
        for step in plan.steps() {
            optimizer.follow(step)?;
            optimizer.backward_step_clip_norm(&model.loss(), 1.0)?;
            let body_moved = model.values()?["layer1.weight"] != start["layer1.weight"];
            assert_eq!(body_moved, step.phase() == 1, "step {}", step.index());
        }
        Ok(())
    }
    follow(nn::Sgd::default())?;
    follow(nn::Adam::default())?;
    follow(nn::AdamW::default())?;
    follow(nn::RmsProp::default())
}

#[test]
fn a_variable_added_after_build_is_an_error_at_the_next_step() -> TestResult {
    let model = Classifier::new();
    let mut optimizer = GroupedOptimizer::build(&model.vs, model.partition()?, nn::Sgd::default())?;
    let _late = nn::linear(model.vs.root() / "late", 2, 2, Default::default());
    let refused = optimizer.backward_step(&model.loss());
    assert!(matches!(refused, Err(Error::Unsupported { .. })));
    Ok(())
}

#[test]
fn mistakes_are_errors_and_change_nothing() -> TestResult {
    let model = Classifier::new();
    let mut optimizer = GroupedOptimizer::build(&model.vs, model.partition()?, nn::Sgd::default())?;
    optimizer.set_learning_rates(1e-3..=1e-1)?;
    let before = optimizer.partition().state();
    let other = Classifier::new();
    let two = Groups::new()
        .group("a", "layer1")
        .rest("b")
        .split(parameters(&other.vs))?;
    let plan = Plan::fine_tune(&two, 1e-2, FineTune::new(1, 1))?;
    for result in [
        optimizer.set_learning_rates(f64::NAN),
        optimizer.set_learning_rates([1.0, 2.0]),
        optimizer.set_weight_decay(-1.0),
        optimizer.freeze_to(3),
        optimizer.freeze_except(["layer3"]),
        optimizer.follow(plan.step(0)?),
        optimizer.backward_step_clip_norm(&model.loss(), 0.0),
        optimizer.change(|partition| partition.exempt_from_decay(&DecayRule::NormAndBias)),
        optimizer.backward_step(&Tensor::zeros([], (Kind::Float, Device::Cpu))),
    ] {
        assert!(result.is_err());
    }
    assert_eq!(optimizer.partition().state(), before);
    optimizer.change(|partition| partition.set_layer_decay(LayerDecay::new(0.5)))?;
    Ok(())
}

#[test]
fn a_parameter_without_gradient_is_named() -> TestResult {
    let model = Classifier::new();
    let mut optimizer = GroupedOptimizer::build(&model.vs, model.partition()?, nn::Sgd::default())?;
    let weight = &model.vs.variables()["layer10.weight"];
    optimizer.backward_step(&weight.square().sum(Kind::Float))?;
    let error = optimizer.check_gradients().expect_err("five have none");
    let Error::MissingGradients { paths } = error else {
        panic!("{error}");
    };
    assert_eq!(paths.len(), 5);
    assert!(!paths.contains(&"layer10.weight".to_owned()));
    Ok(())
}
