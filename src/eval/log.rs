//! What a run did that others ask about: parameters made, optimizers built and stepped, weights loaded.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;
use std::rc::Rc;

use super::attempt::Attempts;
use super::flow::Flow;
use super::machine::Condition;
use super::num::{IndexId, Num};
use super::path_step::PathStep;
use super::selector::Selector;
use super::text::Text;
use super::ty::Ty;
use super::value::{ModuleValueId, OptimizerId, ParamId, StoreId, Value, Vars};
use crate::frameworks::Framework;
use crate::name::Name;
use crate::program::FnDef;
use crate::source::Span;

#[derive(Default)]
pub struct Log {
    pub params: Vec<ParamEvent>,
    /// Places in `params` by store and path; some are of events that were forgotten since.
    by_path: HashMap<(StoreId, Text), Vec<usize>>,
    pub opaque: Vec<Opaque>,
    /// How often something could not be followed.
    not_followed: usize,
    pub stores: Vec<StoreInfo>,
    pub optimizers: Vec<OptimizerEvent>,
    pub steps: Vec<StepEvent>,
    pub loads: Vec<LoadEvent>,
    pub copies: Vec<CopyEvent>,
    pub splits: Vec<SplitEvent>,
    /// Groups that an optimizer or a scheduler of rates was given, in their order.
    pub groupings: Vec<GroupingEvent>,
    /// Calls of own functions that made parameters.
    pub constructions: Vec<Construction>,
    pub freezes: Vec<FreezeEvent>,
    /// Parameters whose gradient is switched off one by one.
    pub frozen_params: HashSet<ParamId>,
    /// Every application of a module to data, and whether it was under `no_grad`.
    pub applications: Vec<(Rc<Flow>, bool)>,
    /// Data whose gradient is cut.
    pub detached: Vec<Rc<Flow>>,
    /// Where weights are saved to.
    pub saves: Vec<Text>,
    pub optimizer_states: Vec<(Span, Option<FnDef>)>,
    pub modules: Vec<ModuleEvent>,
    /// Optimizers given to functions.
    pub given_optimizers: Vec<(OptimizerId, FnDef)>,
    /// Optimizers that a struct keeps, with the field's name.
    pub optimizer_fields: Vec<(OptimizerId, Name)>,
    clock: usize,
    /// How often the clock ticked for data that went through a module.
    applied: usize,
    pub attempts: Attempts,
    pub branches: Vec<Branch>,
}

/// What became of the arms of a branch.
#[derive(Clone, Debug, Default)]
pub struct Branch {
    /// Those that don't end in an error.
    pub live: Vec<u32>,
    /// Those of them after which the function goes on.
    pub staying: Vec<u32>,
}

/// A parameter that came to be.
#[derive(Clone, Debug)]
pub struct ParamEvent {
    /// None: a module framework, where the path follows from the fields.
    pub store: Option<StoreId>,
    pub path: Text,
    pub shape: Option<Vec<Num>>,
    pub group: Num,
    pub trainable: bool,
    pub span: Span,
    pub conditions: Vec<Condition>,
    pub loops: Vec<IndexId>,
    /// tch: where its path was written.
    pub step: Option<Rc<PathStep>>,
}

/// Something that could not be followed.
#[derive(Clone, Debug)]
pub struct Opaque {
    pub span: Span,
    pub reason: String,
}

#[derive(Clone, Debug)]
pub struct StoreInfo {
    pub span: Option<Span>,
    /// How a person calls it.
    pub name: String,
    pub framework: Option<Framework>,
    /// What is asked for is made (candle's `VarMap`); a checkpoint may not hold it.
    pub grants: bool,
    /// How many uncounted loops were running when it was made.
    pub born_under: usize,
    /// It came out of code that is not followed: what its parameters are called there is not known.
    pub is_stray: bool,
}

/// What an optimizer moves.
#[derive(Clone, Debug)]
pub enum Target {
    Vars(Rc<Vars>),
    Model(Value),
    /// A type, where no value is in reach.
    Type(Ty),
    Unknown,
}

#[derive(Clone, Debug)]
pub struct OptimizerEvent {
    pub id: OptimizerId,
    pub kind: String,
    pub target: Target,
    pub span: Span,
    /// The function it was built in.
    pub function: Option<FnDef>,
    /// In which order things happened.
    pub time: usize,
    pub conditions: Vec<Condition>,
}

impl OptimizerEvent {
    /// True if a run has only one of the two: they are built in different arms of a branch.
    pub fn excludes(&self, other: &OptimizerEvent) -> bool {
        self.conditions.iter().any(|condition| {
            let mut others = other.conditions.iter();
            others.any(|other| other.branch == condition.branch && other.arm != condition.arm)
        })
    }
}

#[derive(Clone, Debug)]
pub struct StepEvent {
    pub optimizer: Option<OptimizerId>,
    /// burn: the model that is stepped.
    pub model: Option<Value>,
    /// The field or argument through which an optimizer that is not known here is reached.
    pub field: Option<Name>,
    pub span: Span,
    pub function: Option<FnDef>,
    pub time: usize,
}

#[derive(Clone, Debug)]
pub struct LoadEvent {
    pub stores: Vec<StoreId>,
    pub model: Option<Value>,
    pub path: Option<Text>,
    pub span: Span,
    pub function: Option<FnDef>,
    pub conditions: Vec<Condition>,
    pub time: usize,
    pub in_loop: bool,
    /// The functions under way, outermost first.
    pub callers: Vec<Name>,
}

/// One store's or model's values are written over another's.
#[derive(Clone, Debug)]
pub struct CopyEvent {
    pub into: Vec<StoreId>,
    pub span: Span,
}

/// What a store holds so far is frozen, or no longer so.
#[derive(Clone, Debug)]
pub struct FreezeEvent {
    pub store: StoreId,
    pub frozen: bool,
    /// How many parameters had been made: what comes later isn't frozen.
    pub made: usize,
    pub time: usize,
}

/// Something divides parameters into groups.
#[derive(Clone, Debug)]
pub struct SplitEvent {
    pub store: Option<StoreId>,
    pub optimizer: Option<OptimizerId>,
    pub span: Span,
}

/// One more parameter group.
#[derive(Clone, Debug)]
pub struct GroupingEvent {
    /// None: a scheduler, which holds for every optimizer.
    pub optimizer: Option<OptimizerId>,
    pub selector: Rc<Selector>,
    pub span: Span,
}

/// A call of an own function in which parameters were made.
#[derive(Clone, Debug)]
pub struct Construction {
    pub function: FnDef,
    /// Of the log's parameters.
    pub params: Range<usize>,
    /// The path of the first builder that it was given.
    pub prefix: Text,
    pub result: Value,
}

/// A module that holds parameters was built.
#[derive(Clone, Debug)]
pub struct ModuleEvent {
    pub id: ModuleValueId,
    pub value: Value,
    pub span: Span,
    pub function: Option<FnDef>,
}

/// How much has happened, data on its way through modules apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happened {
    clock: usize,
    events: usize,
    not_followed: usize,
    kept_requests: usize,
    wanted_peel: Option<(IndexId, i128)>,
    conditions: usize,
}

/// Where the log stood.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    params: usize,
    opaque: usize,
    optimizers: usize,
    steps: usize,
    loads: usize,
    copies: usize,
    splits: usize,
    groupings: usize,
    constructions: usize,
    modules: usize,
    applications: usize,
    detached: usize,
}

impl Log {
    pub fn tick(&mut self) -> usize {
        self.clock += 1;
        self.clock
    }

    /// Data went through a module.
    pub fn apply(&mut self, flow: Rc<Flow>, no_grad: bool) {
        self.clock += 1;
        self.applied += 1;
        self.applications.push((flow, no_grad));
    }

    pub fn opaque_once(&mut self, span: Span, reason: &str) {
        self.not_followed += 1;
        if !self
            .opaque
            .iter()
            .any(|known| known.span == span && known.reason == reason)
        {
            self.opaque.push(Opaque {
                span,
                reason: reason.into(),
            });
        }
    }

    pub fn push_param(&mut self, event: ParamEvent) {
        if let Some(store) = event.store {
            let places = self.by_path.entry((store, event.path.clone())).or_default();
            places.push(self.params.len());
        }
        self.params.push(event);
    }

    /// The parameters of a store that were asked for under one path, in order.
    pub fn params_called(&self, store: StoreId, path: &Text) -> BTreeSet<usize> {
        let places = self.by_path.get(&(store, path.clone()));
        let is_still_there = |place: &&usize| {
            let event = self.params.get(**place);
            event.is_some_and(|event| event.store == Some(store) && event.path == *path)
        };
        let places = places.into_iter().flatten();
        places.filter(is_still_there).copied().collect()
    }

    /// What the clock shows; it stands still while nothing happens that anyone asks about.
    pub fn now(&self) -> usize {
        self.clock
    }

    pub fn happened(&self, wanted_peel: Option<(IndexId, i128)>, conditions: usize) -> Happened {
        let others = [
            self.stores.len(),
            self.copies.len(),
            self.splits.len(),
            self.groupings.len(),
            self.constructions.len(),
            self.frozen_params.len(),
            self.saves.len(),
            self.optimizer_states.len(),
            self.given_optimizers.len(),
            self.optimizer_fields.len(),
        ];
        let made = self.made() + self.steps.len() + self.freezes.len();
        Happened {
            clock: self.clock - self.applied,
            events: made + others.iter().sum::<usize>(),
            not_followed: self.not_followed,
            kept_requests: self.attempts.kept(),
            wanted_peel,
            conditions,
        }
    }

    /// How much has been made so far.
    pub fn made(&self) -> usize {
        self.params.len() + self.modules.len() + self.optimizers.len() + self.loads.len()
    }

    /// True if two stretches of applications apply the same modules in the same order.
    pub fn applies_the_same(&self, a: Range<usize>, b: Range<usize>) -> bool {
        let modules = |of: Range<usize>| {
            self.applications[of].iter().map(|(flow, _)| match &**flow {
                Flow::Applied { module, .. } => Some(*module),
                _ => None,
            })
        };
        modules(a).eq(modules(b))
    }

    pub fn mark(&self) -> Mark {
        Mark {
            params: self.params.len(),
            opaque: self.opaque.len(),
            optimizers: self.optimizers.len(),
            steps: self.steps.len(),
            loads: self.loads.len(),
            copies: self.copies.len(),
            splits: self.splits.len(),
            groupings: self.groupings.len(),
            constructions: self.constructions.len(),
            modules: self.modules.len(),
            applications: self.applications.len(),
            detached: self.detached.len(),
        }
    }

    /// Forgets all that came after the mark: a round that was only a rehearsal. Branches stay, since conditions go by their numbers.
    pub fn reset(&mut self, mark: Mark) {
        self.params.truncate(mark.params);
        self.attempts.reset(mark.params);
        self.opaque.truncate(mark.opaque);
        self.optimizers.truncate(mark.optimizers);
        self.steps.truncate(mark.steps);
        self.loads.truncate(mark.loads);
        self.copies.truncate(mark.copies);
        self.splits.truncate(mark.splits);
        self.groupings.truncate(mark.groupings);
        self.constructions.truncate(mark.constructions);
        self.modules.truncate(mark.modules);
        self.applications.truncate(mark.applications);
        self.detached.truncate(mark.detached);
    }
}
