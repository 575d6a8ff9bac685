//! burn's groups from a partition: exact, complete, and stable.

#![cfg(feature = "burn")]

use std::collections::BTreeMap;

use burn::module::{Module, ModuleVisitor, Param};
use burn::nn::{BatchNorm, BatchNormConfig, Linear, LinearConfig};
use burn::optim::{AdamWConfig, GradientsParams, SgdConfig};
use burn::tensor::{Device, Tensor};
use paramgroups::burn::{ModuleGroups, parameters};
use paramgroups::{
    ByModule, DecayRule, Error, FineTune, Groups, Length, Partition, Plan, Role, Splitter,
};

type TestResult = Result<(), Box<dyn std::error::Error>>;

#[derive(Module, Debug)]
struct Model {
    layer1: Linear,
    norm: BatchNorm,
    layer10: Linear,
}

fn device() -> Device {
    Device::flex().autodiff()
}

fn model() -> Model {
    let device = device();
    Model {
        layer1: LinearConfig::new(3, 4).init(&device),
        norm: BatchNormConfig::new(4).init(&device),
        layer10: LinearConfig::new(4, 2).init(&device),
    }
}

impl Model {
    fn loss(&self) -> Tensor<1> {
        let points = Tensor::<2>::from_data([[1.0, -2.0, 3.0], [0.5, 1.0, -1.0]], &device());
        let hidden = self.norm.forward(self.layer1.forward(points));
        self.layer10.forward(hidden).powi_scalar(2).mean()
    }

    fn grads(&self) -> GradientsParams {
        GradientsParams::from_grads(self.loss().backward(), self)
    }
}

/// Three groups: layer1, norm, layer10.
fn partition(model: &Model) -> Result<Partition, Error> {
    ByModule::top_level().split(parameters(model))
}

#[derive(Default)]
struct Values {
    path: Vec<String>,
    found: BTreeMap<String, Vec<f32>>,
}

impl ModuleVisitor for Values {
    fn enter_module(&mut self, name: &str, _: &str) {
        self.path.push(name.into());
    }
    fn exit_module(&mut self, _: &str, _: &str) {
        self.path.pop();
    }
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let values = param.val().into_data().iter::<f32>().collect();
        self.found.insert(self.path.join("."), values);
    }
}

fn values(model: &Model) -> BTreeMap<String, Vec<f32>> {
    let mut visitor = Values::default();
    model.visit(&mut visitor);
    visitor.found
}

#[test]
fn parameters_come_in_field_order_without_running_statistics() {
    let parameters = parameters(&model());
    let paths: Vec<&str> = parameters
        .iter()
        .map(|parameter| parameter.path())
        .collect();
    assert_eq!(
        paths,
        [
            "layer1.weight",
            "layer1.bias",
            "norm.gamma",
            "norm.beta",
            "layer10.weight",
            "layer10.bias"
        ]
    );
    assert_eq!(parameters[0].shape(), Some(&[3, 4][..]));
    assert_eq!(parameters[1].role(), Role::Bias);
    assert_eq!(parameters[2].role(), Role::Norm);
}

#[test]
fn frozen_parameters_are_still_parameters() {
    assert_eq!(parameters(&model().freeze()), parameters(&model()));
    assert_eq!(parameters(&model().valid()), parameters(&model()));
}

#[test]
fn a_group_takes_its_own_paths_and_no_longer_ones() -> TestResult {
    let model = model();
    let group = partition(&model)?.param_group("layer1")?;
    let id = model.layer1.weight.id;
    assert!(group.matches(&id, Some("layer1.weight")));
    for other in [
        "layer10.weight",
        "layer1",
        "layer1.weight.extra",
        "x.layer1.weight",
    ] {
        assert!(!group.matches(&id, Some(other)), "{other}");
    }
    let unknown = partition(&model)?.param_group("layer2");
    assert!(matches!(unknown, Err(Error::UnknownGroup { .. })));
    Ok(())
}

#[test]
fn frozen_groups_stand_still_and_thaw() -> TestResult {
    let model = model();
    let mut partition = partition(&model)?;
    partition.freeze()?;
    partition.set_learning_rates(0.1)?;
    let mut optimizer = partition.optimizer(&model, None, |_| SgdConfig::new().build())?;

    let model = partition.freeze_module(&model)?;
    let before = values(&model);
    let grads = model.grads();
    partition.check_gradients(&model, &grads)?;
    let model = optimizer.step(partition.lr_scheduler(&model)?.step(), model, grads);
    let after = values(&model);
    assert_eq!(before["layer1.weight"], after["layer1.weight"]);
    assert_eq!(before["norm.gamma"], after["norm.gamma"]);
    assert_ne!(before["layer10.weight"], after["layer10.weight"]);

    partition.unfreeze();
    let model = partition.freeze_module(&model)?;
    let grads = model.grads();
    let model = optimizer.step(partition.lr_scheduler(&model)?.step(), model, grads);
    assert_ne!(values(&model)["layer1.weight"], after["layer1.weight"]);
    Ok(())
}

#[test]
fn norms_can_stay_trained_in_a_frozen_body() -> TestResult {
    let model = model();
    let mut partition = partition(&model)?;
    partition.keep_norms_trainable(true);
    partition.freeze()?;
    let model = partition.freeze_module(&model)?;
    assert!(!model.layer1.weight.is_require_grad());
    assert!(model.norm.gamma.is_require_grad());
    assert!(model.layer10.weight.is_require_grad());
    Ok(())
}

#[test]
fn each_group_moves_at_its_own_rate() -> TestResult {
    let model = model();
    let mut partition = partition(&model)?;
    partition.set_learning_rates([0.5, 0.25, 0.125])?;
    let mut optimizer = partition.optimizer(&model, None, |_| SgdConfig::new().build())?;
    let mut rates = partition.lr_scheduler(&model)?;
    let (before, grads) = (values(&model), model.grads());
    let expected: Vec<(&str, f32, f32)> = vec![
        (
            "layer1.weight",
            0.5,
            first(grads.get::<2>(model.layer1.weight.id)),
        ),
        ("norm.beta", 0.25, first(grads.get::<1>(model.norm.beta.id))),
        (
            "layer10.weight",
            0.125,
            first(grads.get::<2>(model.layer10.weight.id)),
        ),
    ];
    let after = values(&optimizer.step(rates.step(), model, grads));
    for (path, rate, grad) in expected {
        let gap = before[path][0] - rate * grad - after[path][0];
        assert!(gap.abs() < 1e-6, "{path}: {gap}");
    }
    Ok(())
}

fn first<const D: usize>(grad: Option<Tensor<D>>) -> f32 {
    let grad = grad.expect("a gradient").into_data();
    grad.iter::<f32>().next().expect("an element")
}

#[test]
fn groups_survive_a_loaded_record_with_its_other_ids() -> TestResult {
    let saved = model();
    let loaded = model();
    let mut partition = partition(&loaded)?;
    partition.freeze()?;
    let mut optimizer = partition.optimizer(&loaded, None, |_| SgdConfig::new().build())?;
    let mut rates = partition.lr_scheduler(&loaded)?;

    let loaded = loaded.load_record(saved.clone().into_record());
    assert_eq!(loaded.layer1.weight.id, saved.layer1.weight.id);
    let loaded = partition.freeze_module(&loaded)?;
    let before = values(&loaded);
    let grads = loaded.grads();
    let after = values(&optimizer.step(rates.step(), loaded, grads));
    assert_eq!(before["layer1.weight"], after["layer1.weight"]);
    assert_ne!(before["layer10.weight"], after["layer10.weight"]);
    Ok(())
}

#[test]
fn weight_decay_goes_by_group_and_spares_what_is_exempt() -> TestResult {
    let model = model();
    let mut partition = partition(&model)?;
    partition.set_weight_decay([0.1, 0.2, 0.3])?;
    partition.exempt_from_decay(&DecayRule::NormAndBias)?;
    let mut seen = Vec::new();
    let _optimizer = partition.optimizer(&model, None, |group| {
        seen.push((group.name.to_owned(), group.weight_decay));
        AdamWConfig::new()
            .with_weight_decay(group.weight_decay as f32)
            .build()
    })?;
    seen.dedup();
    let expected = [
        ("layer10", 0.3),
        ("layer10", 0.0),
        ("layer1", 0.1),
        ("layer1", 0.0),
        ("norm", 0.0),
        ("layer10", 0.3),
        ("layer10", 0.0),
    ];
    assert_eq!(seen, expected.map(|(name, decay)| (name.to_owned(), decay)));
    Ok(())
}

#[test]
fn a_module_that_the_partition_does_not_cover_is_refused() -> TestResult {
    let model = model();
    let partial = Groups::new().rest("all").split(["layer1.weight"])?;
    assert!(matches!(
        partial.check_module(&model),
        Err(Error::UnknownParameter { .. })
    ));

    let mut more: Vec<_> = parameters(&model);
    more.push("tail.weight".into());
    let more = Groups::new().rest("all").split(more)?;
    let error = more.check_module(&model).unwrap_err().to_string();
    assert!(
        error.contains("`tail.weight`, which the model does not have"),
        "{error}"
    );
    Ok(())
}

#[test]
fn a_cloned_layer_is_refused() -> TestResult {
    let layer = LinearConfig::new(3, 3).init(&device());
    let layers = vec![layer.clone(), layer];
    let partition = Groups::new().rest("all").split(parameters(&layers))?;
    let error = partition.check_module(&layers).unwrap_err();
    assert!(matches!(error, Error::SharedParameter { .. }));
    let error = error.to_string();
    assert!(error.contains("`0.weight` and `1.weight`"), "{error}");
    Ok(())
}

#[test]
fn a_parameter_without_gradient_is_named() -> TestResult {
    let model = model();
    let partition = partition(&model)?;
    let loss = model
        .layer10
        .forward(Tensor::<2>::ones([1, 4], &device()))
        .mean();
    let grads = GradientsParams::from_grads(loss.backward(), &model);
    let error = partition.check_gradients(&model, &grads).unwrap_err();
    let Error::MissingGradients { paths } = error else {
        panic!("{error}");
    };
    assert_eq!(
        paths,
        ["layer1.weight", "layer1.bias", "norm.gamma", "norm.beta"]
    );
    Ok(())
}

#[test]
fn a_plan_gives_each_phase_its_rates() -> TestResult {
    let model = model();
    let partition = partition(&model)?;
    let plan = Plan::fine_tune(&partition, 2e-3, FineTune::new(2, 5))?;
    let mut step = 0;
    for phase in 0..plan.phases() {
        let mut scheduler = partition.planned_rates(&model, &plan, phase)?;
        for _ in 0..plan.phase_len(phase) {
            let (rates, planned) = (scheduler.step(), plan.step(step)?);
            for (group, path) in ["layer1.weight", "norm.gamma", "layer10.bias"]
                .iter()
                .enumerate()
            {
                let rate = rates.lr_from_param(model.layer1.weight.id, Some(path));
                assert_eq!(rate, planned.learning_rate(group), "{path} at step {step}");
            }
            assert_eq!(rates.base(), planned.learning_rate(2));
            step += 1;
        }
    }
    assert_eq!(step, plan.len());
    Ok(())
}

#[test]
fn a_scheduler_goes_on_where_its_record_was_taken() -> TestResult {
    let model = model();
    let partition = partition(&model)?;
    let plan = Plan::fine_tune(&partition, 2e-3, FineTune::new(2, 5))?;
    let mut whole = partition.planned_rates(&model, &plan, 1)?;
    for _ in 0..4 {
        whole.step();
    }
    let mut resumed = partition
        .planned_rates(&model, &plan, 1)?
        .load_record(whole.to_record());
    for _ in 4..10 {
        assert_eq!(whole.step().base(), resumed.step().base());
    }
    Ok(())
}

#[test]
fn a_plan_whose_momentum_varies_needs_to_be_asked_for_its_rates_alone() -> TestResult {
    let model = model();
    let partition = partition(&model)?;
    let cycle = Plan::fine_tune(&partition, 2e-3, FineTune::new(2, 5))?;
    let refused = partition.planned(&model, &cycle, 0);
    assert!(matches!(refused, Err(Error::Unsupported { .. })));
    assert!(partition.planned_rates(&model, &cycle, 0).is_ok());
    let behind = partition.planned_rates(&model, &cycle, 2);
    assert!(matches!(
        behind,
        Err(Error::PhaseOutOfRange {
            phase: 2,
            phases: 2
        })
    ));

    let constant = Plan::constant(&partition, 1e-3, Length::new(1, 5), 0.9)?;
    assert!(partition.planned(&model, &constant, 0).is_ok());

    let two = Groups::new()
        .group("a", "layer1")
        .rest("b")
        .split(parameters(&model))?;
    let other = Plan::constant(&two, 1e-3, Length::new(1, 5), 0.9)?;
    let refused = partition.planned(&model, &other, 0);
    assert!(matches!(
        refused,
        Err(Error::WrongPlan { plan: 2, groups: 3 })
    ));
    Ok(())
}
