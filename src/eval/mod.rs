//! Constructors and training programs, run abstractly: what cannot be followed becomes opaque, never a guess.

mod alike;
mod assign;
mod attempt;
mod bind;
mod block;
mod branch;
mod build;
mod call;
mod cast;
mod condition;
mod convert;
mod data;
mod derive;
mod entry;
mod expr;
mod flow;
mod framework;
mod generics;
mod growth;
mod iter;
mod log;
mod loops;
mod lost;
mod machine;
mod match_arms;
mod memo;
mod mentions;
mod method;
mod mutate;
mod num;
mod operators;
mod overrides;
mod path;
mod path_step;
mod pattern;
mod place;
mod pull;
mod question;
mod real;
mod record;
mod resolve;
mod rounds;
mod selector;
mod show;
mod std;
mod std_type;
mod stores;
mod substitute;
mod symbol;
mod symbolic;
mod text;
mod ty;
mod type_params;
mod unordered;
mod value;
mod value_type;

pub use flow::Flow;
pub use log::{
    Branch, Construction, CopyEvent, FreezeEvent, GroupingEvent, LoadEvent, Log, ModuleEvent,
    Opaque, OptimizerEvent, ParamEvent, SplitEvent, StepEvent, StoreInfo, Target,
};
pub use loops::with_item;
pub use machine::{Condition, Eval, Exit, IndexInfo, Machine};
pub use num::{IndexId, Num};
pub use overrides::{Overrides, Setting};
pub use path_step::{OperandForm, PathStep};
pub use selector::Selector;
pub use symbol::{affine, last_field, shown};
pub use text::{Part, Text};
pub use ty::Ty;
pub use value::{
    Builder, Cond, Container, ContainerItem, Item, List, ModuleValueId, OptimizerId, ParamId,
    StoreId, StructValue, TensorValue, Unknown, Value, VariantValue, Vars,
};

/// The name of a store that holds nothing: whatever is asked of it is zero.
pub const ZEROS: &str = "zeros";

/// The name of the value that `Default::default()` gives before its type is known.
const DEFAULT: &str = "Default::default()";
