//! A small classifier with a normalisation layer, the same numbers in every run.

#![allow(dead_code, reason = "each test uses a part of it")]

use std::collections::BTreeMap;

use candle_core::{DType, Device, Result, Tensor, Var};
use candle_nn::{Linear, Module, VarBuilder, VarMap, linear, loss};
use paramgroups::candle::{GroupedOptimizer, NamedVars, UpdateRule};
use paramgroups::{ByModule, Partition, Splitter};

pub type TestResult = std::result::Result<(), Box<dyn std::error::Error>>;

pub struct Classifier {
    pub vars: VarMap,
    pub points: Tensor,
    pub body: Linear,
    pub head: Linear,
    norm: (Tensor, Tensor),
    classes: Tensor,
}

impl Classifier {
    /// Linear 10 → 20, normalised, ReLU, Linear 20 → 2; 64 points.
    pub fn new() -> Result<Self> {
        let vars = VarMap::new();
        let vb = VarBuilder::from_varmap(&vars, DType::F32, &Device::Cpu);
        let points: Vec<f32> = (0..640).map(|i| (i as f32 * 0.37).sin()).collect();
        let classes = points.chunks(10).map(|x| u32::from(x[0] + x[3] > 0.0));
        let model = Self {
            classes: Tensor::from_iter(classes, &Device::Cpu)?,
            points: Tensor::from_vec(points, (64, 10), &Device::Cpu)?,
            body: linear(10, 20, vb.pp("body"))?,
            norm: (
                vb.get_with_hints(20, "norm.weight", candle_nn::init::ONE)?,
                vb.get_with_hints(20, "norm.bias", candle_nn::init::ZERO)?,
            ),
            head: linear(20, 2, vb.pp("head"))?,
            vars,
        };
        for (index, (_, var)) in NamedVars::from(&model.vars).iter().enumerate() {
            let numbers = (0..var.elem_count()).map(|i| ((i * 7 + index * 3) as f32).sin() * 0.3);
            var.set(&Tensor::from_iter(numbers, &Device::Cpu)?.reshape(var.shape())?)?;
        }
        Ok(model)
    }

    pub fn loss(&self) -> Result<Tensor> {
        let hidden = self.body.forward(&self.points)?;
        let centred = hidden.broadcast_sub(&hidden.mean_keepdim(1)?)?;
        let scale = (centred.sqr()?.mean_keepdim(1)? + 1e-5)?.sqrt()?;
        let normed = centred
            .broadcast_div(&scale)?
            .broadcast_mul(&self.norm.0)?
            .broadcast_add(&self.norm.1)?;
        loss::cross_entropy(&self.head.forward(&normed.relu()?)?, &self.classes)
    }

    pub fn loss_value(&self) -> Result<f32> {
        self.loss()?.to_scalar()
    }

    /// Three groups: body, norm, head.
    pub fn partition(&self) -> paramgroups::Result<Partition> {
        let mut parameters = NamedVars::from(&self.vars).parameters();
        parameters.sort_by_key(|parameter| {
            ["body", "norm", "head"].map(|module| !parameter.path().starts_with(module))
        });
        ByModule::top_level().split(parameters)
    }

    pub fn optimizer(
        &self,
        rule: impl UpdateRule + 'static,
    ) -> paramgroups::Result<GroupedOptimizer> {
        GroupedOptimizer::new(&self.vars, self.partition()?, rule)
    }

    pub fn var(&self, path: &str) -> Var {
        self.vars.data().lock().expect("an unpoisoned lock")[path].clone()
    }
}

pub fn values(vars: &VarMap) -> Result<BTreeMap<String, Vec<f32>>> {
    NamedVars::from(vars)
        .iter()
        .map(|(path, var)| Ok((path.to_owned(), var.flatten_all()?.to_vec1()?)))
        .collect()
}
