//! torch's recorded optimizer steps, replayed through the candle optimizer.
//!
//! Reads the optimizer steps in the JSON files of `$PARAMGROUPS_GOLDEN`, or in the bundled ones.

#![cfg(feature = "candle")]

use std::collections::HashMap;
use std::error::Error;
use std::path::PathBuf;

use candle_core::{DType, Device, Tensor, Var};
use paramgroups::candle::{AdamW, GroupedOptimizer, NamedVars, Sgd, UpdateRule};
use paramgroups::{Groups, LearningRates, Selector, Splitter};
use serde_json::Value;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

#[test]
fn torch_sgd_and_adamw_step_by_step() -> Result<()> {
    let folder = std::env::var_os("PARAMGROUPS_GOLDEN").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/golden"),
        PathBuf::from,
    );
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .map_err(|error| format!("{}: {error}", folder.display()))?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    files.retain(|file| {
        file.extension()
            .is_some_and(|extension| extension == "json")
    });
    files.sort();
    for file in files {
        let recorded: Value = serde_json::from_str(&std::fs::read_to_string(&file)?)
            .map_err(|error| format!("{}: {error}", file.display()))?;
        let cases = list(&recorded["cases"])?.iter();
        let of_optimizers =
            cases.filter(|case| case.get("optimizer").is_some() && case.get("steps").is_some());
        let (mut passed, mut other) = (0, 0);
        for case in of_optimizers {
            let id = text(&case["id"])?;
            match rule(case)? {
                Some(rule) => replay(case, rule).map_err(|error| format!("{id}: {error}"))?,
                None => {
                    other += 1;
                    continue;
                }
            }
            passed += 1;
        }
        if passed + other > 0 {
            let name = file.file_name().unwrap_or_default().display();
            println!("{name}: {passed} passed, 0 departed, {other} not applicable");
        }
    }
    Ok(())
}

/// The rule of a case; none for an optimizer that is neither torch's SGD nor its AdamW.
fn rule(case: &Value) -> Result<Option<Box<dyn UpdateRule>>> {
    let args = case["args"].as_object().ok_or("no args")?;
    let number =
        |name: &str, default: f64| args.get(name).and_then(Value::as_f64).unwrap_or(default);
    let flag = |name: &str| args.get(name).and_then(Value::as_bool).unwrap_or(false);
    Ok(match text(&case["optimizer"])? {
        "torch.SGD" => Some(Box::new(Sgd {
            momentum: number("momentum", 0.0),
            dampening: number("dampening", 0.0),
            nesterov: flag("nesterov"),
        })),
        "torch.AdamW" => {
            let beta = |index: usize, default: f64| {
                args.get("betas")
                    .and_then(|betas| betas[index].as_f64())
                    .unwrap_or(default)
            };
            Some(Box::new(AdamW {
                beta1: beta(0, 0.9),
                beta2: beta(1, 0.999),
                eps: number("eps", 1e-8),
                amsgrad: flag("amsgrad"),
            }))
        }
        _ => None,
    })
}

fn replay(case: &Value, rule: Box<dyn UpdateRule>) -> Result<()> {
    let (dtype, tolerance) = match text(&case["dtype"])? {
        "float64" => (DType::F64, 1e-12),
        "float32" => (DType::F32, 1e-6),
        other => return Err(format!("unknown data type {other}").into()),
    };
    let mut vars: HashMap<String, Var> = HashMap::new();
    let mut named: Vec<(String, Var)> = Vec::new();
    let mut groups = Groups::new();
    for (index, members) in list(&case["groups"])?.iter().enumerate() {
        let mut paths = Vec::new();
        for path in list(members)? {
            let path = text(path)?;
            let init = &case["init"][path];
            let shape: Vec<usize> = list(&init["shape"])?
                .iter()
                .filter_map(|size| Some(size.as_u64()? as usize))
                .collect();
            let values = Tensor::new(numbers(&init["data"])?, &Device::Cpu)?;
            let var = Var::from_tensor(&values.to_dtype(dtype)?.reshape(shape)?)?;
            vars.insert(path.into(), var.clone());
            named.push((path.into(), var));
            paths.push(Selector::path(path));
        }
        groups = groups.group(index.to_string(), paths);
    }
    let named: NamedVars = named.into_iter().collect();
    let mut partition = groups.split(named.parameters())?;
    for (path, flags) in case["flags"].as_object().ok_or("no flags")? {
        if flags["force_train"].as_bool() == Some(true) {
            partition.keep_trainable(Selector::path(path.as_str()))?;
        }
    }
    let mut optimizer = GroupedOptimizer::new(named, partition, rule)?;

    for (number, step) in list(&case["steps"])?.iter().enumerate() {
        for op in list(&step["ops"])? {
            apply(op, &mut optimizer)?;
        }
        set_hypers(&step["hypers"], &mut optimizer)?;
        let mut grads = Tensor::zeros((), dtype, &Device::Cpu)?.backward()?;
        for (path, grad) in step["grads"].as_object().ok_or("no grads")? {
            if !grad.is_null() {
                let grad = Tensor::new(numbers(grad)?, &Device::Cpu)?.to_dtype(dtype)?;
                grads.insert(&vars[path], grad.reshape(vars[path].shape())?);
            }
        }
        optimizer.step(&grads)?;
        for (path, expected) in step["after"].as_object().ok_or("no result")? {
            let found = vars[path]
                .flatten_all()?
                .to_dtype(DType::F64)?
                .to_vec1::<f64>()?;
            let expected = numbers(expected)?;
            assert_eq!(found.len(), expected.len(), "{path}");
            for (found, expected) in found.iter().zip(expected) {
                let allowed = tolerance * expected.abs().max(1.0);
                if (found - expected).abs() > allowed {
                    return Err(format!(
                        "step {number}: `{path}` is {found:?}, torch has {expected:?}"
                    )
                    .into());
                }
            }
        }
    }
    Ok(())
}

/// Freezing; hyper-parameters are taken from what torch recorded, after checking that rates agree.
fn apply(op: &Value, optimizer: &mut GroupedOptimizer) -> Result<()> {
    match text(&op[0])? {
        "freeze_to" => {
            optimizer.freeze_to(op[1].as_i64().ok_or("no index")? as isize)?;
            optimizer.clear_state()?;
        }
        "unfreeze" => {
            optimizer.unfreeze();
            optimizer.clear_state()?;
        }
        "set_hyper" if op[1] == "lr" => {
            optimizer.set_learning_rates(rates(&op[2])?)?;
        }
        "set_hyper" => {}
        other => return Err(format!("unknown operation {other}").into()),
    }
    Ok(())
}

fn rates(value: &Value) -> Result<LearningRates> {
    if let Some(rate) = value.as_f64() {
        return Ok(rate.into());
    }
    match value["slice"].as_array().map(Vec::as_slice) {
        Some([lo, hi]) => match lo.as_f64() {
            Some(lo) => Ok((lo..=hi.as_f64().ok_or("no high end")?).into()),
            None => Ok((..=hi.as_f64().ok_or("no high end")?).into()),
        },
        Some(_) => Err("a slice has two ends".into()),
        None => Ok(numbers(value)?.into()),
    }
}

fn set_hypers(hypers: &Value, optimizer: &mut GroupedOptimizer) -> Result<()> {
    let all = |name: &str| -> Result<Vec<f64>> {
        let each = list(hypers)?.iter().map(|hyper| hyper[name].as_f64());
        each.collect::<Option<_>>()
            .ok_or_else(|| format!("no {name}").into())
    };
    let recorded = all("lr")?;
    let current: Vec<f64> = optimizer.partition().learning_rates().collect();
    let set_here = current
        .iter()
        .zip(&recorded)
        .all(|(a, b)| (a - b).abs() <= 1e-15 * b.abs());
    if !set_here {
        optimizer.set_learning_rates(recorded)?;
    }
    optimizer.set_weight_decay(all("wd")?)?;
    optimizer.set_momenta(&all("mom")?)?;
    Ok(())
}

fn list(value: &Value) -> Result<&Vec<Value>> {
    value
        .as_array()
        .ok_or_else(|| format!("not a list: {value}").into())
}

fn text(value: &Value) -> Result<&str> {
    value
        .as_str()
        .ok_or_else(|| format!("not a text: {value}").into())
}

fn numbers(value: &Value) -> Result<Vec<f64>> {
    let numbers = list(value)?.iter().map(Value::as_f64);
    numbers
        .collect::<Option<_>>()
        .ok_or_else(|| format!("not numbers: {value}").into())
}
