//! The state of a run: variables, the functions under way, what is assumed, and how much work is left.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::growth::Growth;
use super::log::{Happened, Log};
use super::memo::Memo;
use super::num::{IndexId, Num};
use super::overrides::Overrides;
use super::text::Text;
use super::ty::Ty;
use super::value::{ModuleValueId, Slot, Value};
use crate::name::Name;
use crate::program::{FnDef, ModuleId, Program};
use crate::source::Span;

/// How an expression ended without a value.
#[derive(Clone, Debug)]
pub enum Exit {
    Return(Value),
    Break(Option<Name>, Value),
    Continue(Option<Name>),
    /// An error or a panic: nothing that follows runs.
    Never,
}

pub type Eval = Result<Value, Exit>;

/// One arm of a branch whose condition is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Condition {
    pub branch: u32,
    pub arm: u32,
}

impl Condition {
    /// The arm number that stands for all arms after which the function went on.
    pub const STAYED: u32 = u32::MAX;
}

/// An index of a loop whose rounds are not counted.
#[derive(Clone, Debug)]
pub struct IndexInfo {
    pub name: String,
    pub low: i128,
    /// The last value, if it is known.
    pub high: Option<i128>,
    /// The rounds go from the last value to the first.
    pub descending: bool,
    /// How many rounds, as far as it can be said.
    pub count: Num,
}

/// A function, closure or constant under way.
pub struct Frame {
    pub scope: ModuleId,
    pub variables: Vec<(Name, Slot)>,
    pub generics: Rc<Vec<(Name, Ty)>>,
    pub self_ty: Option<Ty>,
    pub function: Option<FnDef>,
    /// The body.
    pub home: Span,
    /// The call that it answers.
    pub called_at: Span,
    /// The prefix of the first builder among the arguments.
    pub path: Text,
    /// How many conditions were assumed when it began.
    pub assumed: usize,
    /// The type that it gives, if that is written.
    pub result: Option<Ty>,
    /// What undecided early returns gave.
    pub returns: Vec<Value>,
    /// What an undecided early exit leaves to hold for the rest: of the function if it was a return (`true`), else of the loop's round.
    pub sticky: Vec<(Condition, bool)>,
    /// A request for parameters may end it with an error.
    pub may_fail: bool,
}

/// Limits of one run.
pub const FUEL: u64 = 1_000_000;
/// After how many steps in which nothing happens a run ends.
const MAX_IDLE: u64 = 50_000;
pub const MAX_DEPTH: usize = 160;
pub const MAX_SAME_FUNCTION: usize = 24;
/// Of a function whose arguments don't tell how deep it goes, or that no known condition ends.
pub const MAX_IDLE_RECURSION: usize = 3;
pub const MAX_UNROLLED: i128 = 2_048;

pub struct Machine<'p> {
    pub program: &'p Program,
    pub overrides: &'p Overrides,
    pub heap: Vec<Value>,
    /// What `RefCell`, `Mutex` and the like hold: their owners share it.
    pub cells: HashSet<Slot>,
    /// The type that the expression about to be run is to have; `Result` looks like what it holds.
    pub expected: Option<Ty>,
    /// The limits of the integer types that variables were declared with.
    pub declared: HashMap<Slot, (i128, i128)>,
    /// The limits of the type that a method is called on.
    pub receiver_limits: Option<(i128, i128)>,
    /// The old values of cells written while some branch is open.
    pub trail: Vec<(Slot, Value)>,
    pub open_branches: usize,
    pub frames: Vec<Frame>,
    pub log: Log,
    pub indices: Vec<IndexInfo>,
    pub loops: Vec<IndexId>,
    /// The lists and containers that grow in these loops.
    pub growing: Vec<Growth>,
    pub conditions: Vec<Condition>,
    pub assumptions: Vec<(Rc<str>, bool)>,
    pub fuel: u64,
    /// The log's clock when the fuel was last looked at.
    last_look: usize,
    pub next_module: u32,
    /// How many calls on alternatives are under way.
    pub alternatives_under_way: usize,
    /// How many `no_grad` closures are under way.
    pub no_grad: usize,
    pub memo: Memo,
    /// Every function that was run.
    pub entered: HashSet<FnDef>,
    /// A comparison of an index with a constant was left undecided: the loop may be run apart from there.
    pub wanted_peel: Option<(IndexId, i128)>,
    /// The value that is matched came from a request that may have failed.
    pub doubtful: bool,
}

impl<'p> Machine<'p> {
    pub fn new(program: &'p Program, overrides: &'p Overrides) -> Machine<'p> {
        Machine {
            program,
            overrides,
            heap: Vec::new(),
            cells: HashSet::new(),
            expected: None,
            declared: HashMap::new(),
            receiver_limits: None,
            trail: Vec::new(),
            open_branches: 0,
            frames: Vec::new(),
            log: Log::default(),
            indices: Vec::new(),
            loops: Vec::new(),
            growing: Vec::new(),
            conditions: Vec::new(),
            assumptions: Vec::new(),
            fuel: FUEL,
            last_look: 0,
            next_module: 0,
            alternatives_under_way: 0,
            no_grad: 0,
            memo: Memo::default(),
            entered: HashSet::new(),
            wanted_peel: None,
            doubtful: false,
        }
    }

    pub fn frame(&self) -> &Frame {
        self.frames
            .last()
            .expect("an expression is run inside a frame")
    }

    pub fn frame_mut(&mut self) -> &mut Frame {
        self.frames
            .last_mut()
            .expect("an expression is run inside a frame")
    }

    pub fn scope(&self) -> ModuleId {
        self.frame().scope
    }

    pub fn fresh_module(&mut self) -> ModuleValueId {
        self.next_module += 1;
        ModuleValueId(self.next_module)
    }

    pub fn fresh_index(&mut self, name: &str, low: i128, count: Num) -> IndexId {
        let high = count.known().map(|count| low + count - 1);
        self.indices.push(IndexInfo {
            name: name.into(),
            low,
            high,
            descending: false,
            count,
        });
        IndexId(self.indices.len() as u32 - 1)
    }

    pub fn allocate(&mut self, value: Value) -> Slot {
        self.heap.push(value);
        Slot(self.heap.len() as u32 - 1)
    }

    pub fn variable(&self, name: Name) -> Option<Slot> {
        self.frame()
            .variables
            .iter()
            .rev()
            .find(|(known, _)| *known == name)
            .map(|(_, slot)| *slot)
    }

    pub fn read_slot(&self, slot: Slot) -> Value {
        self.heap[slot.0 as usize].clone()
    }

    pub fn write_slot(&mut self, slot: Slot, value: Value) {
        let old = std::mem::replace(&mut self.heap[slot.0 as usize], value);
        if self.open_branches > 0 {
            self.trail.push((slot, old));
        }
    }

    /// What anyone asks about, but for data on its way.
    pub fn happened(&self) -> Happened {
        self.log.happened(self.wanted_peel, self.conditions.len())
    }

    /// False when the run has used up its work; what is under way is then abandoned.
    pub fn burn_fuel(&mut self) -> bool {
        self.fuel = self.fuel.saturating_sub(1);
        if self.fuel.is_multiple_of(MAX_IDLE) {
            self.stop_if_idle();
        }
        self.fuel > 0
    }

    /// A run that does nothing anyone asks about for long will hardly begin to.
    fn stop_if_idle(&mut self) {
        let now = self.log.now();
        if self.fuel > 0 && now == self.last_look {
            self.fuel = 0;
        }
        self.last_look = now;
    }

    pub fn assumed(&self, name: &str) -> Option<bool> {
        self.assumptions
            .iter()
            .rev()
            .find(|(known, _)| &**known == name)
            .map(|(_, value)| *value)
    }

    /// The value itself and not `&mut` to it, in every alternative.
    pub fn owned(&mut self, value: &Value) -> Value {
        match self.deref(value) {
            Value::Alt(values) => Value::one_of(
                values
                    .iter()
                    .map(|value| self.deref(value))
                    .filter(|value| !matches!(value, Value::Alt(_) | Value::Ref(_)))
                    .collect::<Vec<_>>(),
            ),
            other => other,
        }
    }

    /// The value itself and not `&mut` to it; a shared cell stays shared.
    pub fn kept(&mut self, value: &Value) -> Value {
        match value {
            Value::Ref(place)
                if place.projections.is_empty() && self.cells.contains(&place.slot) =>
            {
                value.clone()
            }
            value => self.deref(value),
        }
    }

    /// The value behind `&mut`.
    pub fn deref(&mut self, value: &Value) -> Value {
        let mut value = value.clone();
        for _ in 0..16 {
            match &value {
                Value::Ref(place) => {
                    let place = place.clone();
                    value = self.read_place(&place);
                }
                _ => break,
            }
        }
        value
    }
}
