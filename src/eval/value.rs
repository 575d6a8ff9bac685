//! What a running program's values are known to be.

use std::rc::Rc;

use super::flow::Flow;
use super::iter::IterValue;
use super::num::{IndexId, Num};
use super::path_step::PathStep;
use super::real::Real;
use super::selector::Selector;
use super::text::Text;
use super::ty::Ty;
use crate::name::Name;
use crate::program::hir::{Closure, Enum, Member, Struct};
use crate::program::{Def, FnDef, ModuleId};
use crate::source::Span;

/// A value. `Ok(x)` is `x` itself, unless that could be taken for something else.
#[derive(Clone, Debug)]
pub enum Value {
    Unit,
    Int(Num),
    Float(Option<Real>),
    Bool(Cond),
    Ordering(std::cmp::Ordering),
    Text(Text),
    Tuple(Rc<Vec<Value>>),
    /// `Vec`, array, slice, and plain iterators over such.
    List(Rc<List>),
    Map(Rc<MapValue>),
    /// An iterator whose elements are made when someone asks for them.
    Iter(Rc<IterValue>),
    Struct(Rc<StructValue>),
    Variant(Rc<VariantValue>),
    Opt(Option<Rc<Value>>),
    /// `Ok` of an `Option` or of another `Result`.
    Ok(Rc<Value>),
    Err(Rc<Value>),
    /// One of these; which one is not known.
    Alt(Rc<Vec<Value>>),
    Closure(Rc<ClosureValue>),
    Function(Rc<FunctionValue>),
    Range(Rc<RangeValue>),
    /// `&mut` to a place.
    Ref(Rc<Place>),
    /// Of a type, if that is known; `name` is how a person would call it.
    Unknown(Rc<Unknown>),
    /// candle's `VarMap`, tch's `VarStore`.
    Store(StoreId),
    /// candle's `VarBuilder`, tch's `nn::Path`.
    Builder(Rc<Builder>),
    Tensor(Rc<TensorValue>),
    Container(Rc<Container>),
    Optimizer(OptimizerId),
    /// A collection of trainable variables.
    Vars(Rc<Vars>),
    /// burn's `ParamGroup`.
    Selector(Rc<Selector>),
}

/// A truth value.
#[derive(Clone, Debug, PartialEq)]
pub enum Cond {
    Known(bool),
    /// The same name is the same truth; `negated` turns it round.
    Symbol {
        name: Rc<str>,
        negated: bool,
    },
    Unknown,
}

#[derive(Clone, Debug)]
pub struct Unknown {
    pub ty: Ty,
    pub name: Option<Rc<str>>,
}

/// The identity of a module value: clones of one value share it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ModuleValueId(pub u32);

#[derive(Clone, Debug)]
pub struct StructValue {
    pub id: ModuleValueId,
    pub def: Def<Struct>,
    pub generics: Vec<(Name, Ty)>,
    pub fields: Vec<(Member, Value)>,
    /// Where it was built.
    pub span: Span,
}

impl StructValue {
    pub fn field(&self, member: Member) -> Option<&Value> {
        self.fields
            .iter()
            .find(|(name, _)| *name == member)
            .map(|(_, value)| value)
    }
}

#[derive(Clone, Debug)]
pub struct VariantValue {
    pub def: Def<Enum>,
    pub variant: usize,
    pub fields: Vec<(Member, Value)>,
    pub span: Span,
}

#[derive(Clone, Debug, Default)]
pub struct List {
    pub items: Vec<Item>,
    /// The literal, chain or `push` that put the first item there.
    pub span: Option<Span>,
    pub id: Option<ModuleValueId>,
    /// How many uncounted loops were running when it was made.
    pub born_under: usize,
    /// In which order its elements stand is not known.
    pub unordered: bool,
}

/// A map, or a set: its elements are keys.
#[derive(Clone, Debug)]
pub struct MapValue {
    pub entries: Vec<(Value, Value)>,
    /// Its elements come in the order of their keys.
    pub in_order: bool,
    pub is_set: bool,
}

/// A piece of a list.
#[derive(Clone, Debug)]
pub enum Item {
    One(Value),
    /// `value` for each `index` of its range: the index occurs in it.
    Repeat {
        index: IndexId,
        value: Value,
    },
    /// As many as some condition lets through, none perhaps.
    Maybe(Value),
}

impl Item {
    pub fn value(&self) -> &Value {
        match self {
            Item::One(value) | Item::Repeat { value, .. } | Item::Maybe(value) => value,
        }
    }

    pub fn with_value(&self, value: Value) -> Item {
        match self {
            Item::One(_) => Item::One(value),
            Item::Repeat { index, .. } => Item::Repeat {
                index: *index,
                value,
            },
            Item::Maybe(_) => Item::Maybe(value),
        }
    }
}

/// The cells of local variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slot(pub u32);

#[derive(Clone, Debug)]
pub struct Place {
    pub slot: Slot,
    pub projections: Vec<Projection>,
}

#[derive(Clone, Debug)]
pub enum Projection {
    Member(Member),
    Index(Option<usize>),
    /// From, and up to where, if not to the end.
    Slice(usize, Option<usize>),
    /// The value of a map's key.
    Key(Rc<Value>),
    /// What is in `Some`.
    Payload,
}

#[derive(Clone, Debug)]
pub struct ClosureValue {
    pub closure: std::sync::Arc<Closure>,
    pub variables: Vec<(Name, Slot)>,
    pub scope: ModuleId,
    pub generics: Rc<Vec<(Name, Ty)>>,
    pub self_ty: Option<Ty>,
}

#[derive(Clone, Debug)]
pub enum FunctionValue {
    Own {
        function: FnDef,
        generics: Vec<(Name, Ty)>,
        self_ty: Option<Ty>,
    },
    TupleStruct(Def<Struct>, Vec<(Name, Ty)>),
    TupleVariant(Def<Enum>, usize),
    /// A function of a framework or of std, by its path.
    Foreign {
        krate: Name,
        path: Vec<Name>,
        generics: Vec<Ty>,
    },
    Some,
    Ok,
    /// `Type::method` of a value that decides which.
    Method(Name),
}

#[derive(Clone, Debug)]
pub struct RangeValue {
    pub low: Num,
    pub high: Option<Num>,
    pub inclusive: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StoreId(pub u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OptimizerId(pub u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ParamId(pub u32);

#[derive(Clone, Debug)]
pub struct Builder {
    pub store: StoreId,
    pub prefix: Text,
    /// tch's group; 0 from the root.
    pub group: Num,
    /// Why the prefix is not known any more.
    pub lost: Option<&'static str>,
    /// The name `rename_f` and its kin would need to be run for.
    pub renames: Vec<Value>,
    /// tch: where the path was written last.
    pub step: Option<Rc<PathStep>>,
    /// Its prefix is one empty segment, which a dot follows all the same.
    pub blank: bool,
}

impl Builder {
    /// The path of what is called so below its prefix.
    pub fn below(&self, name: &Text) -> Text {
        match self.blank {
            true => Text::literal(".").joined("", name),
            false => self.prefix.joined(".", name),
        }
    }
}

/// A tensor: a parameter itself, or data on its way through `forward`.
#[derive(Clone, Debug, Default)]
pub struct TensorValue {
    pub param: Option<ParamId>,
    pub shape: Option<Vec<Num>>,
    pub flow: Option<Rc<Flow>>,
}

/// A framework's own `Sequential`.
#[derive(Clone, Debug)]
pub struct Container {
    pub id: ModuleValueId,
    pub items: Vec<ContainerItem>,
    pub span: Span,
    /// The function that it was built in, as its body's span.
    pub home: Span,
    /// The path that this function was given.
    pub path: Text,
    /// How many uncounted loops were running when it was made.
    pub born_under: usize,
}

#[derive(Clone, Debug)]
pub struct ContainerItem {
    pub item: Item,
    /// The argument of `add`.
    pub span: Span,
    pub call: Span,
}

/// Variables given to an optimizer.
#[derive(Clone, Debug)]
pub struct Vars {
    pub stores: Vec<StoreId>,
    /// Parameters picked one by one.
    pub params: Vec<ParamId>,
    /// A filter stood between the store and here.
    pub filtered: bool,
}

impl Value {
    pub fn unknown() -> Value {
        Value::Unknown(Rc::new(Unknown {
            ty: Ty::Unknown,
            name: None,
        }))
    }

    pub fn of_type(ty: Ty) -> Value {
        Value::Unknown(Rc::new(Unknown { ty, name: None }))
    }

    pub fn tensor() -> Value {
        Value::Tensor(Rc::default())
    }

    pub fn text(text: &str) -> Value {
        Value::Text(Text::literal(text))
    }

    pub fn known(value: i128) -> Value {
        Value::Int(Num::Known(value))
    }

    pub fn some(value: Value) -> Value {
        Value::Opt(Some(Rc::new(value)))
    }

    /// `Ok(value)`
    pub fn ok(value: Value) -> Value {
        let is_plain = |value: &Value| match value {
            Value::Opt(_) | Value::Ok(_) | Value::Err(_) => false,
            Value::Unknown(unknown) => !matches!(unknown.ty, Ty::Option(_)),
            _ => true,
        };
        match &value {
            Value::Alt(values) if !values.iter().all(is_plain) => {
                Value::one_of(values.iter().cloned().map(Value::ok))
            }
            value if is_plain(value) => value.clone(),
            _ => Value::Ok(Rc::new(value)),
        }
    }

    pub fn err(value: Value) -> Value {
        Value::Err(Rc::new(value))
    }

    /// What an `Ok` holds.
    pub fn into_granted(self) -> Value {
        match self {
            Value::Ok(inner) => Rc::unwrap_or_clone(inner),
            other => other,
        }
    }

    /// `Default::default()` of whatever type it turns out to be.
    pub fn default_of_any_type() -> Value {
        Value::Unknown(Rc::new(Unknown {
            ty: Ty::Unknown,
            name: Some(super::DEFAULT.into()),
        }))
    }

    pub fn is_err(&self) -> bool {
        matches!(self, Value::Err(_))
    }

    pub fn list(items: Vec<Item>) -> Value {
        Value::List(Rc::new(List {
            items,
            ..List::default()
        }))
    }

    pub fn tuple(values: Vec<Value>) -> Value {
        Value::Tuple(Rc::new(values))
    }

    /// The values that this one may be.
    pub fn alternatives(&self) -> Vec<Value> {
        match self {
            Value::Alt(values) => values.iter().cloned().collect(),
            other => vec![other.clone()],
        }
    }

    /// One of the values, flattened, without doubles that are plainly the same.
    pub fn one_of(values: impl IntoIterator<Item = Value>) -> Value {
        let mut kept: Vec<Value> = Vec::new();
        for value in values {
            for alternative in value.alternatives() {
                if !kept.iter().any(|old| old.same(&alternative)) {
                    kept.push(alternative);
                }
            }
        }
        match kept.len() {
            0 => Value::unknown(),
            1 => kept.remove(0),
            // Many alternatives cost more than they tell.
            n if n > 64 => Value::unknown(),
            _ => Value::Alt(Rc::new(kept)),
        }
    }

    /// True if the two are plainly the same value; false says nothing.
    pub fn same(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Unit, Value::Unit) => true,
            (Value::Int(a), Value::Int(b)) => a == b,
            (Value::Float(a), Value::Float(b)) => a == b,
            (Value::Ordering(a), Value::Ordering(b)) => a == b,
            (Value::Bool(a), Value::Bool(b)) => a == b && *a != Cond::Unknown,
            (Value::Text(a), Value::Text(b)) => a == b,
            (Value::Store(a), Value::Store(b)) => a == b,
            (Value::Optimizer(a), Value::Optimizer(b)) => a == b,
            (Value::Opt(None), Value::Opt(None)) => true,
            (Value::Opt(Some(a)), Value::Opt(Some(b))) => a.same(b),
            (Value::Ok(a), Value::Ok(b)) | (Value::Err(a), Value::Err(b)) => a.same(b),
            (Value::Tuple(a), Value::Tuple(b)) | (Value::Alt(a), Value::Alt(b)) => {
                Rc::ptr_eq(a, b)
                    || a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| a.same(b))
            }
            (Value::List(a), Value::List(b)) => {
                Rc::ptr_eq(a, b)
                    || a.items.len() == b.items.len()
                        && a.items.iter().zip(&b.items).all(|(a, b)| match (a, b) {
                            (Item::One(a), Item::One(b)) => a.same(b),
                            (
                                Item::Repeat { index: i, value: a },
                                Item::Repeat { index: j, value: b },
                            ) => i == j && a.same(b),
                            _ => false,
                        })
            }
            (Value::Struct(a), Value::Struct(b)) => Rc::ptr_eq(a, b),
            (Value::Variant(a), Value::Variant(b)) => {
                Rc::ptr_eq(a, b)
                    || a.def == b.def
                        && a.variant == b.variant
                        && a.fields.len() == b.fields.len()
                        && a.fields.iter().zip(&b.fields).all(|(a, b)| a.1.same(&b.1))
            }
            (Value::Unknown(a), Value::Unknown(b)) => {
                Rc::ptr_eq(a, b)
                    || a.name == b.name && (a.name.is_some() || a.ty == Ty::Unknown) && a.ty == b.ty
            }
            (Value::Closure(a), Value::Closure(b)) => Rc::ptr_eq(a, b),
            (Value::Iter(a), Value::Iter(b)) => Rc::ptr_eq(a, b),
            (Value::Map(a), Value::Map(b)) => Rc::ptr_eq(a, b),
            (Value::Function(a), Value::Function(b)) => Rc::ptr_eq(a, b),
            (Value::Builder(a), Value::Builder(b)) => {
                a.store == b.store
                    && a.prefix == b.prefix
                    && a.group == b.group
                    && a.renames.is_empty()
                    && b.renames.is_empty()
            }
            (Value::Tensor(a), Value::Tensor(b)) => {
                Rc::ptr_eq(a, b)
                    || a.param == b.param
                        && match (&a.flow, &b.flow) {
                            (None, None) => true,
                            (Some(a), Some(b)) => Rc::ptr_eq(a, b),
                            _ => false,
                        }
            }
            (Value::Container(a), Value::Container(b)) => Rc::ptr_eq(a, b),
            _ => false,
        }
    }

    /// Visits this value and all that is in it.
    pub fn visit(&self, visitor: &mut dyn FnMut(&Value)) {
        visitor(self);
        match self {
            Value::Tuple(values) | Value::Alt(values) => {
                values.iter().for_each(|value| value.visit(visitor))
            }
            Value::List(list) => list
                .items
                .iter()
                .for_each(|item| item.value().visit(visitor)),
            Value::Struct(value) => value
                .fields
                .iter()
                .for_each(|(_, value)| value.visit(visitor)),
            Value::Variant(value) => value
                .fields
                .iter()
                .for_each(|(_, value)| value.visit(visitor)),
            Value::Opt(Some(value)) | Value::Ok(value) | Value::Err(value) => value.visit(visitor),
            Value::Container(container) => container
                .items
                .iter()
                .for_each(|item| item.item.value().visit(visitor)),
            Value::Iter(iter) => iter.visit(visitor),
            Value::Map(map) => map.entries.iter().for_each(|(key, value)| {
                key.visit(visitor);
                value.visit(visitor);
            }),
            _ => {}
        }
    }

    /// True if some part of the value meets the condition.
    pub fn any(&self, mut condition: impl FnMut(&Value) -> bool) -> bool {
        let mut found = false;
        self.visit(&mut |value| found = found || condition(value));
        found
    }

    /// True if a part of the value matters to what is trained.
    pub fn holds_model(&self) -> bool {
        self.any(|part| {
            matches!(
                part,
                Value::Tensor(_)
                    | Value::Builder(_)
                    | Value::Store(_)
                    | Value::Container(_)
                    | Value::Optimizer(_)
                    | Value::Vars(_)
                    | Value::Closure(_)
            )
        })
    }

    /// The parameters in it, in order.
    pub fn params(&self) -> Vec<ParamId> {
        let mut params = Vec::new();
        self.visit(&mut |value| {
            if let Value::Tensor(tensor) = value
                && let Some(param) = tensor.param
                && !params.contains(&param)
            {
                params.push(param);
            }
        });
        params
    }
}
