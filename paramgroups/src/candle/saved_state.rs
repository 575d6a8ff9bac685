//! The optimizer's state as a safetensors file.
//!
//! One tensor for each state tensor of each parameter, named `exp_avg:path` after rule and parameter,
//! and `steps:path` with its step count. The metadata holds the version, the rule, the partition, the
//! momenta and the rates from which `set_learning_rate` scales.

use std::collections::HashMap;
use std::path::Path;

use candle_core::safetensors::Load;
use candle_core::{Device, Tensor, Var};
use safetensors::SafeTensors;
use serde::{Deserialize, Serialize};

use super::engine::{Engine, Member};
use super::optimizer::{GroupedOptimizer, check_figures, unsupported_when_wrapped};
use super::rule::{ParamState, UpdateRule};
use crate::error::{Error, Result};
use crate::rates::check;
use crate::state::PartitionState;

const HEADER: &str = "paramgroups.optimizer";
const VERSION: u32 = 1;
const STEPS: &str = "steps";

impl GroupedOptimizer {
    /// Saves everything that a later run needs to go on as if there had been no interruption: step
    /// counts, moments and velocities, rates, weight decay, momentum and freezing. The variables are
    /// saved beside it, with `VarMap::save`.
    ///
    /// The file appears once it is whole.
    ///
    /// ```
    /// # use candle_core::{DType, Device};
    /// # use paramgroups::{BodyAndHead, Splitter, candle::{AdamW, GroupedOptimizer, NamedVars}};
    /// # let mut vars = candle_nn::VarMap::new();
    /// # let vb = candle_nn::VarBuilder::from_varmap(&vars, DType::F32, &Device::Cpu);
    /// # candle_nn::linear(2, 2, vb.pp("body"))?;
    /// # candle_nn::linear(2, 2, vb.pp("head"))?;
    /// # let partition = BodyAndHead::new("head").split(NamedVars::from(&vars).parameters())?;
    /// # let mut optimizer = GroupedOptimizer::new(&vars, partition, AdamW::default())?;
    /// # let folder = std::env::temp_dir().join(format!("paramgroups-doc-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder)?;
    /// vars.save(folder.join("model.safetensors"))?;
    /// optimizer.save(folder.join("optimizer.safetensors"))?;
    ///
    /// // In a later run, once model and optimizer are built as before:
    /// vars.load(folder.join("model.safetensors"))?;
    /// optimizer.load(folder.join("optimizer.safetensors"))?;
    /// # std::fs::remove_dir_all(&folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// A wrapped optimizer, and what the file system returns.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        let rule = self.rule_for("saving the state")?;
        let path = path.as_ref();
        let failed = |error: Box<dyn std::error::Error + Send + Sync>| {
            let error = format!("{}: {error}", path.display());
            Error::framework("saving the optimizer's state", error)
        };
        let mut tensors: Vec<(String, Tensor)> = Vec::new();
        for member in &self.members {
            let steps = Tensor::new(&[member.state.steps as i64], &Device::Cpu)
                .map_err(|error| failed(error.into()))?;
            tensors.push((format!("{STEPS}:{}", member.path), steps));
            for (name, var) in &member.state.tensors {
                tensors.push((format!("{name}:{}", member.path), var.as_detached_tensor()));
            }
        }
        let mut unfinished = path.as_os_str().to_owned();
        unfinished.push(".unfinished");
        let unfinished = Path::new(&unfinished);
        let tensors = tensors.iter().map(|(name, tensor)| (name, tensor));
        let header = self.header(rule).map_err(|error| failed(error.into()))?;
        let written = safetensors::serialize_to_file(tensors, Some(header), unfinished)
            .map_err(|error| failed(error.into()))
            .and_then(|()| std::fs::rename(unfinished, path).map_err(|error| failed(error.into())));
        if written.is_err() {
            // What is left of it is of no use, and it may never have been there.
            let _ = std::fs::remove_file(unfinished);
        }
        written
    }

    /// Loads what [`save`](Self::save) wrote, rates and freezing included.
    ///
    /// # Errors
    /// [`Error::StateVersion`], [`Error::StateGroups`], [`Error::StateShape`],
    /// [`Error::StateUnreadable`], figures out of range and a wrapped optimizer; nothing is changed then.
    pub fn load(&mut self, path: impl AsRef<Path>) -> Result<()> {
        let rule = self.rule_for("loading a state")?;
        let path = path.as_ref();
        let bytes = std::fs::read(path).map_err(|error| {
            let error = std::io::Error::new(error.kind(), format!("{}: {error}", path.display()));
            Error::framework("reading the optimizer's state", error)
        })?;
        let header = Header::read(&bytes)?;
        let mut partition = self.partition.clone();
        partition.restore(&header.partition)?;
        header.check(rule, self)?;
        let file = SafeTensors::deserialize(&bytes).map_err(unreadable)?;
        let states: Result<Vec<ParamState>> = self
            .members
            .iter()
            .map(|member| read_state(&file, rule, member))
            .collect();

        for (member, state) in self.members.iter_mut().zip(states?) {
            member.state = state;
        }
        self.momenta = header.momenta;
        self.set_partition(partition)?;
        self.base_rates = header.base_rates;
        Ok(())
    }

    fn rule_for(&self, what: &str) -> Result<&dyn UpdateRule> {
        match &self.engine {
            Engine::Rule(rule) => Ok(&**rule),
            Engine::Wrapped(_) => Err(unsupported_when_wrapped(what)),
        }
    }

    fn header(&self, rule: &dyn UpdateRule) -> serde_json::Result<HashMap<String, String>> {
        let header = Header {
            version: VERSION,
            rule: rule.name().to_owned(),
            partition: self.partition.state(),
            momenta: self.momenta.clone(),
            base_rates: self.base_rates.clone(),
        };
        let header = serde_json::to_string(&header)?;
        Ok(HashMap::from([(HEADER.to_owned(), header)]))
    }
}

/// What the file's metadata holds, as JSON.
#[derive(Serialize, Deserialize)]
struct Header {
    version: u32,
    rule: String,
    partition: PartitionState,
    momenta: Vec<f64>,
    base_rates: Vec<f64>,
}

impl Header {
    fn read(bytes: &[u8]) -> Result<Self> {
        #[derive(Deserialize)]
        struct Version {
            version: u32,
        }
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(unreadable)?;
        let header = metadata.metadata().as_ref().and_then(|all| all.get(HEADER));
        let header = header.ok_or_else(|| unreadable("it is no optimizer state of this crate"))?;
        let Version { version } = serde_json::from_str(header).map_err(unreadable)?;
        if version != VERSION {
            return Err(Error::StateVersion {
                found: version,
                expected: VERSION,
            });
        }
        serde_json::from_str(header).map_err(unreadable)
    }

    fn check(&self, rule: &dyn UpdateRule, optimizer: &GroupedOptimizer) -> Result<()> {
        if self.rule != rule.name() {
            return Err(unreadable(format!(
                "it is of {}, and this optimizer runs {}",
                self.rule,
                rule.name()
            )));
        }
        let lengths = (self.momenta.len(), self.base_rates.len());
        if lengths != (optimizer.momenta.len(), optimizer.base_rates.len()) {
            return Err(unreadable("it has momenta or rates for other groups"));
        }
        check_figures(rule, &self.momenta)?;
        let mut rates = self.base_rates.iter();
        rates.try_for_each(|&rate| check("learning rate", rate))
    }
}

fn read_state(file: &SafeTensors, rule: &dyn UpdateRule, member: &Member) -> Result<ParamState> {
    let path = &member.path;
    let steps = file
        .tensor(&format!("{STEPS}:{path}"))
        .map_err(unreadable)?
        .load(&Device::Cpu)
        .and_then(|steps| steps.to_vec1::<i64>())
        .map_err(unreadable)?;
    let &[steps] = steps.as_slice() else {
        return Err(unreadable(format!(
            "the step count of `{path}` is no number"
        )));
    };
    let steps = u64::try_from(steps)
        .map_err(|_| unreadable(format!("the step count of `{path}` is negative")))?;
    let mut tensors = Vec::new();
    for &name in rule.state_names() {
        let Ok(view) = file.tensor(&format!("{name}:{path}")) else {
            continue;
        };
        let tensor = view.load(member.var.device()).map_err(unreadable)?;
        if tensor.dims() != member.var.dims() {
            return Err(Error::StateShape {
                path: path.clone(),
                found: tensor.dims().to_vec(),
                expected: member.var.dims().to_vec(),
            });
        }
        if tensor.dtype() != member.var.dtype() {
            return Err(unreadable(format!(
                "`{name}` of `{path}` is {:?}, and the parameter is {:?}",
                tensor.dtype(),
                member.var.dtype()
            )));
        }
        tensors.push((name, Var::from_tensor(&tensor).map_err(unreadable)?));
    }
    Ok(ParamState { steps, tensors })
}

fn unreadable(reason: impl ToString) -> Error {
    Error::StateUnreadable {
        reason: reason.to_string(),
    }
}
