//! Saving and loading: an interrupted run goes on bit for bit, and what does not fit is refused.

#![cfg(feature = "candle")]

mod candle_support;

use std::path::PathBuf;

use candle_core::{DType, Device, Result, Var};
use candle_nn::{Optimizer, VarMap};
use candle_support::{Classifier, TestResult, values};
use paramgroups::candle::{AdamW, GroupedOptimizer, NamedVars, Sgd, UpdateRule};
use paramgroups::{Error, FineTune, Groups, Plan, Splitter};

/// A folder that is gone when the test is.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> std::io::Result<Self> {
        let path = std::env::temp_dir().join(format!("paramgroups-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path)?;
        Ok(Self(path))
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn resumes_on_the_same_bits(
    name: &str,
    rule: impl UpdateRule + Copy + 'static,
) -> std::result::Result<(), Box<dyn std::error::Error>> {
    let folder = Folder::new(name)?;
    let options = FineTune::new(3, 4);
    let train = |model: &Classifier, optimizer: &mut GroupedOptimizer, plan: &Plan, from, to| {
        for step in plan.steps_from(from)?.take(to - from) {
            optimizer.follow(step)?;
            optimizer.backward_step(&model.loss()?)?;
        }
        Ok::<(), Box<dyn std::error::Error>>(())
    };

    let whole = Classifier::new()?;
    let plan = Plan::fine_tune(&whole.partition()?, 1e-2, options)?;
    let mut optimizer = whole.optimizer(rule)?;
    optimizer.set_weight_decay([0.0, 0.01, 0.1])?;
    train(&whole, &mut optimizer, &plan, 0, plan.len())?;

    // Stopped within the frozen phase, and again right behind it.
    for stop in [2, 5, 9] {
        let model = Classifier::new()?;
        let mut optimizer = model.optimizer(rule)?;
        optimizer.set_weight_decay([0.0, 0.01, 0.1])?;
        train(&model, &mut optimizer, &plan, 0, stop)?;
        optimizer.save(folder.file("optimizer.safetensors"))?;
        model.vars.save(folder.file("model.safetensors"))?;
        drop((model, optimizer));

        let mut model = Classifier::new()?;
        model.vars.load(folder.file("model.safetensors"))?;
        let mut optimizer = model.optimizer(rule)?;
        optimizer.load(folder.file("optimizer.safetensors"))?;
        train(&model, &mut optimizer, &plan, stop, plan.len())?;
        assert_eq!(
            values(&model.vars)?,
            values(&whole.vars)?,
            "stopped at {stop}"
        );
    }
    Ok(())
}

#[test]
fn an_interrupted_adamw_goes_on_bit_for_bit() -> TestResult {
    resumes_on_the_same_bits("adamw", AdamW::default())?;
    let amsgrad = AdamW {
        amsgrad: true,
        ..AdamW::default()
    };
    resumes_on_the_same_bits("amsgrad", amsgrad)
}

#[test]
fn an_interrupted_sgd_goes_on_bit_for_bit() -> TestResult {
    let sgd = Sgd {
        momentum: 0.9,
        nesterov: true,
        ..Sgd::default()
    };
    resumes_on_the_same_bits("sgd", sgd)
}

#[test]
fn rates_decay_momentum_and_freezing_come_back_with_the_state() -> TestResult {
    let folder = Folder::new("settings")?;
    let model = Classifier::new()?;
    let mut optimizer = model.optimizer(AdamW::default())?;
    optimizer.freeze_to(1)?;
    optimizer.set_learning_rates(1e-5..=1e-3)?;
    optimizer.set_weight_decay(0.05)?;
    optimizer.save(folder.file("state"))?;
    let mut fresh = model.optimizer(AdamW::default())?;
    fresh.load(folder.file("state"))?;
    assert_eq!(fresh.partition().state(), optimizer.partition().state());
    Ok(())
}

/// Loads `file` into an optimizer with a step behind it, and checks that nothing came of it.
fn refused(
    model: &Classifier,
    optimizer: &mut GroupedOptimizer,
    file: PathBuf,
) -> std::result::Result<Error, Box<dyn std::error::Error>> {
    let folder = Folder::new(&format!(
        "unchanged-{}",
        file.file_name().unwrap_or_default().display()
    ))?;
    optimizer.backward_step(&model.loss()?)?;
    optimizer.save(folder.file("before"))?;
    let error = optimizer.load(file).expect_err("the state does not fit");
    let settings = optimizer.partition().state();
    let mut other = model.optimizer(AdamW::default())?;
    other.load(folder.file("before"))?;
    assert_eq!(settings, other.partition().state());
    // The next step is the one that the untouched state gives.
    let weights = folder.file("weights");
    model.vars.save(&weights)?;
    optimizer.backward_step(&model.loss()?)?;
    let stepped = values(&model.vars)?;
    reload(&model.vars, &weights)?;
    other.backward_step(&model.loss()?)?;
    assert_eq!(stepped, values(&model.vars)?);
    Ok(error)
}

fn reload(vars: &VarMap, file: &std::path::Path) -> Result<()> {
    vars.clone().load(file)
}

#[test]
fn a_state_of_other_groups_is_refused() -> TestResult {
    let folder = Folder::new("groups")?;
    let model = Classifier::new()?;
    let two = Groups::new()
        .rest("body")
        .group("head", "head")
        .split(model.partition()?.parameters())?;
    GroupedOptimizer::new(&model.vars, two, AdamW::default())?.save(folder.file("two"))?;
    let error = refused(
        &model,
        &mut model.optimizer(AdamW::default())?,
        folder.file("two"),
    )?;
    assert!(matches!(error, Error::StateGroups { .. }), "{error}");
    Ok(())
}

#[test]
fn a_state_of_another_shape_is_refused() -> TestResult {
    let folder = Folder::new("shape")?;
    let model = Classifier::new()?;
    let file = folder.file("shape");
    model.optimizer(AdamW::default())?.save(&file)?;
    rewrite(&file, |text| {
        text.replace(r#"\"shape\":[20,10]"#, r#"\"shape\":[10,20]"#)
    })?;
    let error = refused(&model, &mut model.optimizer(AdamW::default())?, file)?;
    assert!(matches!(error, Error::StateShape { .. }), "{error}");
    Ok(())
}

#[test]
fn a_tensor_of_another_shape_is_refused_where_the_partition_knows_no_shapes() -> TestResult {
    let folder = Folder::new("tensor")?;
    let without_shapes = |columns: usize| -> std::result::Result<_, Box<dyn std::error::Error>> {
        let weight = Var::ones((2, columns), DType::F32, &Device::Cpu)?;
        let vars: NamedVars = [("w", weight.clone())].into_iter().collect();
        let partition = Groups::new().rest("all").split(["w"])?;
        let mut optimizer = GroupedOptimizer::new(vars, partition, AdamW::default())?;
        optimizer.backward_step(&weight.sqr()?.sum_all()?)?;
        Ok(optimizer)
    };
    without_shapes(3)?.save(folder.file("three"))?;
    let mut other = without_shapes(4)?;
    other.save(folder.file("before"))?;
    let error = other.load(folder.file("three")).expect_err("other shapes");
    assert!(
        matches!(&error, Error::StateShape { path, .. } if path == "w"),
        "{error}"
    );
    other.save(folder.file("after"))?;
    assert_eq!(
        std::fs::read(folder.file("before"))?,
        std::fs::read(folder.file("after"))?
    );
    Ok(())
}

#[test]
fn figures_that_cannot_be_are_refused() -> TestResult {
    let folder = Folder::new("figures")?;
    let model = Classifier::new()?;
    let file = folder.file("figures");
    for (good, bad) in [
        (r#"\"momenta\":[0.9,"#, r#"\"momenta\":[1.5,"#),
        (r#"\"base_rates\":[0.001,"#, r#"\"base_rates\":[-1.0,"#),
        (r#"\"base_rates\":["#, r#"\"base_rates\":[1.0,"#),
    ] {
        model.optimizer(AdamW::default())?.save(&file)?;
        rewrite(&file, |text| text.replace(good, bad))?;
        let error = refused(
            &model,
            &mut model.optimizer(AdamW::default())?,
            file.clone(),
        )?;
        assert!(
            matches!(
                error,
                Error::OutOfRange { .. } | Error::StateUnreadable { .. }
            ),
            "{error}"
        );
    }
    Ok(())
}

#[test]
fn rates_that_the_trait_scales_go_on_from_the_same_base() -> TestResult {
    let folder = Folder::new("base")?;
    let model = Classifier::new()?;
    let mut whole = model.optimizer(Sgd::default())?;
    whole.set_learning_rates([0.1, 0.2, 0.7])?;
    // A schedule of the caller's own is at its end: the proportions are not to be read off the rates.
    whole.set_learning_rate(0.0);
    whole.save(folder.file("state"))?;
    let mut resumed = model.optimizer(Sgd::default())?;
    resumed.load(folder.file("state"))?;
    for optimizer in [&mut whole, &mut resumed] {
        optimizer.set_learning_rate(0.3);
    }
    assert_eq!(whole.partition().state(), resumed.partition().state());
    assert!(resumed.partition().groups()[0].learning_rate() < 0.05);
    Ok(())
}

#[test]
fn a_save_that_fails_leaves_nothing_behind() -> TestResult {
    let folder = Folder::new("unsaved")?;
    let model = Classifier::new()?;
    let taken = folder.file("taken");
    std::fs::create_dir(&taken)?;
    let error = model.optimizer(AdamW::default())?.save(&taken);
    assert!(matches!(error, Err(Error::Framework { .. })));
    assert_eq!(std::fs::read_dir(&folder.0)?.count(), 1);
    Ok(())
}

#[test]
fn a_state_of_another_version_is_refused() -> TestResult {
    let folder = Folder::new("version")?;
    let model = Classifier::new()?;
    let file = folder.file("version");
    model.optimizer(AdamW::default())?.save(&file)?;
    rewrite(&file, |text| {
        text.replacen(r#"{\"version\":1,"#, r#"{\"version\":9,"#, 1)
    })?;
    let error = refused(&model, &mut model.optimizer(AdamW::default())?, file)?;
    assert!(
        matches!(
            error,
            Error::StateVersion {
                found: 9,
                expected: 1
            }
        ),
        "{error}"
    );
    Ok(())
}

#[test]
fn a_state_of_another_rule_is_refused() -> TestResult {
    let folder = Folder::new("rule")?;
    let model = Classifier::new()?;
    model.optimizer(Sgd::default())?.save(folder.file("sgd"))?;
    let error = refused(
        &model,
        &mut model.optimizer(AdamW::default())?,
        folder.file("sgd"),
    )?;
    assert!(matches!(error, Error::StateUnreadable { .. }), "{error}");
    Ok(())
}

#[test]
fn what_is_no_state_is_refused() -> TestResult {
    let folder = Folder::new("foreign")?;
    let model = Classifier::new()?;
    model.vars.save(folder.file("weights"))?;
    std::fs::write(folder.file("text"), "no safetensors")?;
    for file in ["weights", "text", "missing"] {
        let error = refused(
            &model,
            &mut model.optimizer(AdamW::default())?,
            folder.file(file),
        )?;
        let expected = match file {
            // It says which file.
            "missing" => {
                matches!(error, Error::Framework { .. }) && error.to_string().contains("missing")
            }
            _ => matches!(error, Error::StateUnreadable { .. }),
        };
        assert!(expected, "{file}: {error}");
    }
    Ok(())
}

#[test]
fn a_cut_off_state_is_refused() -> TestResult {
    let folder = Folder::new("cut")?;
    let model = Classifier::new()?;
    let mut optimizer = model.optimizer(AdamW::default())?;
    optimizer.backward_step(&model.loss()?)?;
    optimizer.save(folder.file("whole"))?;
    let whole = std::fs::read(folder.file("whole"))?;
    for length in [0, 4, 100, whole.len() - 1] {
        std::fs::write(folder.file("cut"), &whole[..length])?;
        let error = refused(&model, &mut optimizer, folder.file("cut"))?;
        assert!(
            matches!(error, Error::StateUnreadable { .. }),
            "{length} bytes: {error}"
        );
    }
    Ok(())
}

#[test]
fn a_wrapped_optimizer_neither_saves_nor_loads() -> TestResult {
    let folder = Folder::new("wrapped")?;
    let model = Classifier::new()?;
    let vars = NamedVars::from(&model.vars);
    let mut optimizer =
        GroupedOptimizer::wrapping::<candle_nn::SGD>(vars, model.partition()?, 0.1)?;
    for result in [
        optimizer.save(folder.file("state")),
        optimizer.load(folder.file("state")),
        optimizer.set_momenta(&[0.9; 3]),
        optimizer.set_weight_decay(0.1),
        optimizer.clear_state(),
    ] {
        assert!(
            matches!(result, Err(Error::Unsupported { .. })),
            "{result:?}"
        );
    }
    Ok(())
}

/// Changes the header of a safetensors file, and its length with it.
fn rewrite(
    file: &std::path::Path,
    change: impl FnOnce(String) -> String,
) -> std::result::Result<(), Box<dyn std::error::Error>> {
    let bytes = std::fs::read(file)?;
    let length = u64::from_le_bytes(bytes[..8].try_into()?) as usize;
    let (header, data) = bytes[8..].split_at(length);
    let before = String::from_utf8(header.to_vec())?;
    let header = change(before.clone());
    assert_ne!(before, header, "nothing was rewritten");
    let mut changed = (header.len() as u64).to_le_bytes().to_vec();
    changed.extend_from_slice(header.as_bytes());
    changed.extend_from_slice(data);
    Ok(std::fs::write(file, changed)?)
}
