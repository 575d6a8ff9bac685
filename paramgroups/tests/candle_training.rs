//! A grouped optimizer trains a real model: what is frozen stands still, what is not moves at its rate.

#![cfg(feature = "candle")]

mod candle_support;

use candle_core::{DType, Device, Tensor, Var};
use candle_nn::{Module, Optimizer};
use candle_support::{Classifier, TestResult, values};
use paramgroups::candle::{AdamW, GroupedConfig, GroupedOptimizer, NamedVars, Sgd};
use paramgroups::{Error, FineTune, Groups, LayerDecay, Plan, Splitter};

#[test]
fn frozen_groups_stand_still_and_the_head_learns() -> TestResult {
    let model = Classifier::new()?;
    let mut optimizer = model.optimizer(AdamW::default())?;
    optimizer.freeze()?;
    optimizer.set_learning_rates(1e-2)?;
    let (before, first) = (values(&model.vars)?, model.loss_value()?);
    for _ in 0..30 {
        optimizer.backward_step(&model.loss()?)?;
    }
    let after = values(&model.vars)?;
    for path in ["body.weight", "body.bias", "norm.weight", "norm.bias"] {
        assert_eq!(before[path], after[path], "{path} moved");
    }
    for path in ["head.weight", "head.bias"] {
        assert_ne!(before[path], after[path], "{path} did not move");
    }
    assert!(model.loss_value()? < first);
    Ok(())
}

#[test]
fn each_group_moves_at_its_own_rate() -> TestResult {
    let model = Classifier::new()?;
    let mut optimizer = model.optimizer(Sgd::default())?;
    optimizer.set_learning_rates([0.5, 0.25, 0.125])?;
    let before = values(&model.vars)?;
    let grads = model.loss()?.backward()?;
    optimizer.step(&grads)?;
    let after = values(&model.vars)?;
    for (path, rate) in [
        ("body.weight", 0.5),
        ("norm.bias", 0.25),
        ("head.weight", 0.125),
    ] {
        let grad = grads
            .get(&model.var(path))
            .expect("a gradient")
            .flatten_all()?;
        let moved = before[path].iter().zip(&after[path]);
        for ((before, after), grad) in moved.zip(grad.to_vec1::<f32>()?) {
            assert_eq!(before - rate * grad, *after, "{path}");
        }
    }
    Ok(())
}

#[test]
fn norms_can_stay_trained_in_a_frozen_body() -> TestResult {
    let model = Classifier::new()?;
    let mut optimizer = model.optimizer(Sgd::default())?;
    let mut partition = optimizer.partition().clone();
    partition.keep_norms_trainable(true);
    partition.freeze()?;
    partition.set_learning_rates(0.1)?;
    optimizer.set_partition(partition)?;
    let before = values(&model.vars)?;
    optimizer.backward_step(&model.loss()?)?;
    let after = values(&model.vars)?;
    assert_eq!(before["body.weight"], after["body.weight"]);
    assert_ne!(before["norm.weight"], after["norm.weight"]);
    Ok(())
}

#[test]
fn a_group_thawed_late_starts_with_the_bias_correction_of_a_first_step() -> TestResult {
    let model = Classifier::new()?;
    let mut optimizer = model.optimizer(AdamW::default())?;
    optimizer.freeze()?;
    optimizer.set_learning_rates(0.01)?;
    for _ in 0..50 {
        optimizer.backward_step(&model.loss()?)?;
    }
    optimizer.unfreeze();
    let before = values(&model.vars)?;
    optimizer.backward_step(&model.loss()?)?;
    let after = values(&model.vars)?;
    let largest = before["body.weight"]
        .iter()
        .zip(&after["body.weight"])
        .map(|(before, after)| (before - after).abs())
        .fold(0.0, f32::max);
    assert!(
        (largest - 0.01).abs() < 1e-4,
        "the first step was {largest}"
    );
    Ok(())
}

#[test]
fn one_backward_pass_serves_every_group() -> TestResult {
    // Two optimizers that each run a backward pass of their own see different models on the second;
    // one pass moves both groups by the gradient of one and the same loss.
    let (a, b) = (scalar(3.0)?, scalar(5.0)?);
    let loss = (a.as_tensor() * b.as_tensor())?;
    let vars: NamedVars = [("a.w", a.clone()), ("b.w", b.clone())]
        .into_iter()
        .collect();
    let partition = Groups::new()
        .group("a", "a")
        .group("b", "b")
        .split(vars.parameters())?;
    let mut optimizer = GroupedOptimizer::new(vars, partition, Sgd::default())?;
    optimizer.set_learning_rates(1.0)?;
    optimizer.backward_step(&loss)?;
    assert_eq!((a.to_scalar::<f32>()?, b.to_scalar::<f32>()?), (-2.0, 2.0));
    Ok(())
}

#[test]
fn two_runs_from_one_start_end_on_the_same_bits() -> TestResult {
    let train = || -> Result<_, Box<dyn std::error::Error>> {
        let model = Classifier::new()?;
        let mut optimizer = model.optimizer(AdamW::default())?;
        for _ in 0..10 {
            let mut grads = model.loss()?.backward()?;
            optimizer.clip_grad_norm(&mut grads, 0.1)?;
            optimizer.step(&grads)?;
        }
        Ok(values(&model.vars)?)
    };
    assert_eq!(train()?, train()?);
    Ok(())
}

#[test]
fn a_plan_freezes_thaws_and_sets_every_rate() -> TestResult {
    let model = Classifier::new()?;
    let mut optimizer = model.optimizer(AdamW::default())?;
    let plan = Plan::fine_tune(optimizer.partition(), 2e-2, FineTune::new(2, 5))?;
    let start = values(&model.vars)?;
    for step in plan.steps() {
        optimizer.follow(step)?;
        for (index, group) in optimizer.partition().groups().iter().enumerate() {
            assert_eq!(group.learning_rate(), step.learning_rate(index));
            assert_eq!(group.is_frozen(), step.is_frozen(index));
        }
        optimizer.backward_step(&model.loss()?)?;
        let body_moved = values(&model.vars)?["body.weight"] != start["body.weight"];
        assert_eq!(body_moved, step.phase() == 1, "step {}", step.index());
    }
    Ok(())
}

#[test]
fn clipping_scales_the_trained_gradients_to_one_global_norm() -> TestResult {
    let (body, head) = (scalar(1.0)?, Var::new(&[3f32, 4.0], &Device::Cpu)?);
    let loss = ((body.sqr()? * 50.0)? + (head.sqr()?.sum_all()? / 2.0)?)?;
    let vars: NamedVars = [("body.w", body.clone()), ("head.w", head.clone())]
        .into_iter()
        .collect();
    let partition = Groups::new()
        .group("body", "body")
        .rest("head")
        .split(vars.parameters())?;
    let mut optimizer = GroupedOptimizer::new(vars, partition, Sgd::default())?;
    optimizer.freeze()?;
    let mut grads = loss.backward()?;

    let norm = optimizer.clip_grad_norm(&mut grads, 1.0)?;
    assert_eq!(norm, 5.0);
    let clipped = grads.get(&head).expect("a gradient").to_vec1::<f32>()?;
    assert!((clipped[0] - 0.6).abs() < 1e-6 && (clipped[1] - 0.8).abs() < 1e-6);
    let frozen = grads.get(&body).expect("a gradient").to_scalar::<f32>()?;
    assert_eq!(frozen, 100.0, "a frozen gradient is left alone");
    assert!(optimizer.clip_grad_norm(&mut grads, f64::NAN).is_err());
    Ok(())
}

#[test]
fn a_norm_that_is_not_finite_is_an_error() -> TestResult {
    let weight = scalar(f32::INFINITY)?;
    let vars: NamedVars = [("w", weight.clone())].into_iter().collect();
    let partition = Groups::new().rest("all").split(vars.parameters())?;
    let optimizer = GroupedOptimizer::new(vars, partition, Sgd::default())?;
    let mut grads = weight.sqr()?.backward()?;
    let error = optimizer.clip_grad_norm(&mut grads, 1.0).unwrap_err();
    assert!(matches!(error, Error::OutOfRange { .. }));
    Ok(())
}

#[test]
fn a_parameter_behind_an_operation_without_backward_is_named() -> TestResult {
    let model = Classifier::new()?;
    let optimizer = model.optimizer(AdamW::default())?;
    let hidden = candle_nn::ops::softmax_last_dim(&model.body.forward(&model.points)?)?;
    let loss = model.head.forward(&hidden)?.sqr()?.mean_all()?;
    let error = optimizer.check_gradients(&loss.backward()?).unwrap_err();
    let Error::MissingGradients { paths } = error else {
        panic!("{error}");
    };
    assert_eq!(
        paths,
        ["body.bias", "body.weight", "norm.bias", "norm.weight"]
    );
    Ok(())
}

#[test]
fn frozen_parameters_need_no_gradient() -> TestResult {
    let model = Classifier::new()?;
    let mut optimizer = model.optimizer(AdamW::default())?;
    optimizer.freeze()?;
    let hidden = model.body.forward(&model.points)?.detach();
    let loss = model.head.forward(&hidden)?.sqr()?.mean_all()?;
    optimizer.check_gradients(&loss.backward()?)?;
    Ok(())
}

#[test]
fn any_optimizer_of_candles_own_can_be_wrapped() -> TestResult {
    let model = Classifier::new()?;
    let mut optimizer =
        GroupedOptimizer::wrapping::<candle_nn::SGD>(&model.vars, model.partition()?, 1.0)?;
    optimizer.freeze_to(1)?;
    optimizer.set_learning_rates([0.5, 0.25, 0.125])?;
    let before = values(&model.vars)?;
    let grads = model.loss()?.backward()?;
    optimizer.step(&grads)?;
    let after = values(&model.vars)?;
    assert_eq!(before["body.weight"], after["body.weight"]);
    let grad = grads.get(&model.var("norm.weight")).expect("a gradient");
    let moved = before["norm.weight"][0] - 0.25 * grad.to_vec1::<f32>()?[0];
    assert_eq!(after["norm.weight"][0], moved);
    Ok(())
}

#[test]
fn a_wrapped_adamw_counts_no_step_while_frozen() -> TestResult {
    let model = Classifier::new()?;
    let config = candle_nn::ParamsAdamW::default();
    let mut optimizer =
        GroupedOptimizer::wrapping::<candle_nn::AdamW>(&model.vars, model.partition()?, config)?;
    optimizer.set_learning_rates(0.01)?;
    optimizer.freeze()?;
    for _ in 0..50 {
        optimizer.backward_step(&model.loss()?)?;
    }
    optimizer.unfreeze();
    let before = values(&model.vars)?;
    optimizer.backward_step(&model.loss()?)?;
    let after = values(&model.vars)?;
    let step = (before["head.weight"][0] - after["head.weight"][0]).abs();
    let first = before["body.weight"]
        .iter()
        .zip(&after["body.weight"])
        .map(|(before, after)| (before - after).abs())
        .fold(0.0, f32::max);
    assert!(
        step < 0.011 && (first - 0.01).abs() < 1e-3,
        "the first step was {first}"
    );
    Ok(())
}

#[test]
fn it_serves_as_an_optimizer_of_candles_kind() -> TestResult {
    fn train<O: Optimizer>(
        model: &Classifier,
        config: O::Config,
        lr: f64,
    ) -> candle_core::Result<O> {
        let mut optimizer = O::new(model.vars.all_vars(), config)?;
        optimizer.set_learning_rate(lr);
        assert_eq!(optimizer.learning_rate(), lr);
        for _ in 0..5 {
            optimizer.backward_step(&model.loss()?)?;
        }
        Ok(optimizer)
    }
    let model = Classifier::new()?;
    let mut partition = model.partition()?;
    partition.set_learning_rates(1e-4..=1e-2)?;
    let config = GroupedConfig::new(&model.vars, partition, AdamW::default());
    let first = model.loss_value()?;
    let optimizer: GroupedOptimizer = train(&model, config, 0.1)?;
    assert!(model.loss_value()? < first);
    let rates: Vec<f64> = optimizer.partition().learning_rates().collect();
    for (rate, expected) in rates.iter().zip([1e-3, 1e-2, 1e-1]) {
        assert!((rate - expected).abs() < 1e-12, "{rates:?}");
    }
    Ok(())
}

#[test]
fn rates_keep_their_proportions_through_a_rate_of_zero() -> TestResult {
    let model = Classifier::new()?;
    let mut optimizer = model.optimizer(Sgd::default())?;
    optimizer.set_learning_rates([1.0, 2.0, 4.0])?;
    Optimizer::set_learning_rate(&mut optimizer, 0.0);
    assert_eq!(Optimizer::learning_rate(&optimizer), 0.0);
    Optimizer::set_learning_rate(&mut optimizer, 8.0);
    let rates: Vec<f64> = optimizer.partition().learning_rates().collect();
    assert_eq!(rates, [2.0, 4.0, 8.0]);
    Ok(())
}

#[test]
fn the_rate_that_is_set_is_the_rate_that_is_read() -> TestResult {
    let model = Classifier::new()?;
    let mut optimizer = model.optimizer(Sgd::default())?;
    optimizer.set_learning_rates(1e-5..=3e-3)?;
    for step in 1..200 {
        let lr = 0.1 / f64::from(step);
        Optimizer::set_learning_rate(&mut optimizer, lr);
        assert_eq!(Optimizer::learning_rate(&optimizer), lr);
    }
    Ok(())
}

#[test]
fn layer_decay_comes_in_through_a_changed_partition() -> TestResult {
    let model = Classifier::new()?;
    let mut optimizer = model.optimizer(Sgd::default())?;
    let mut partition = optimizer.partition().clone();
    partition.set_learning_rates(1.0)?;
    partition.set_layer_decay(LayerDecay::new(0.5))?;
    optimizer.set_partition(partition)?;
    let rates: Vec<f64> = optimizer.partition().learning_rates().collect();
    assert_eq!(rates, [0.25, 0.5, 1.0]);
    Ok(())
}

#[test]
fn half_precision_variables_are_trained_too() -> TestResult {
    let weight = Var::new(&[1f32, -2.0], &Device::Cpu)?.to_dtype(DType::BF16)?;
    let weight = Var::from_tensor(&weight)?;
    let vars: NamedVars = [("w", weight.clone())].into_iter().collect();
    let partition = Groups::new().rest("all").split(vars.parameters())?;
    let mut optimizer = GroupedOptimizer::new(vars, partition, AdamW::default())?;
    optimizer.set_learning_rates(0.5)?;
    optimizer.backward_step(&weight.sqr()?.sum_all()?)?;
    let moved = weight.to_dtype(DType::F32)?.to_vec1::<f32>()?;
    assert!(
        (moved[0] - 0.5).abs() < 0.01 && (moved[1] + 1.5).abs() < 0.01,
        "{moved:?}"
    );
    Ok(())
}

fn scalar(value: f32) -> candle_core::Result<Var> {
    Var::from_tensor(&Tensor::new(value, &Device::Cpu)?)
}
