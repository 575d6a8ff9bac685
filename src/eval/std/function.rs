//! Free functions and constructors of the standard library.

use super::super::cast::limits;
use super::super::iter::{IterValue, Source};
use super::super::machine::{Eval, Exit, Machine};
use super::super::num::Num;
use super::super::real::Real;
use super::super::ty::Ty;
use super::super::value::{Cond, Place, Value, Vars};
use super::map::map_kind;
use crate::name::Name;
use crate::source::Span;

impl<'p> Machine<'p> {
    /// None where it is not known here.
    pub fn std_function(
        &mut self,
        path: &[Name],
        generics: &[Ty],
        args: &[Value],
        span: Span,
    ) -> Option<Eval> {
        let expected = self.expected.take();
        let last = path.last()?.as_str();
        let owner = path.len().checked_sub(2).map_or("", |at| path[at].as_str());
        let first = args.first().map(|arg| self.deref(arg));
        Some(match (owner, last) {
            ("" | "Result", "Err") => Ok(Value::err(first.unwrap_or(Value::Unit))),
            ("Vec" | "VecDeque", "new" | "with_capacity" | "default") => {
                Ok(self.new_list(Vec::new(), span))
            }
            ("Vec" | "VecDeque", "from" | "from_iter") => Ok(match &first {
                Some(value) => {
                    let items = self.items(value)?;
                    self.new_list(items, span)
                }
                None => return None,
            }),
            ("String", "new" | "default") => Ok(Value::text("")),
            ("String" | "str", "from" | "new" | "from_str") => {
                Ok(first.unwrap_or_else(Value::unknown))
            }
            ("PathBuf" | "Path", "from" | "new" | "from_str") => Ok(match first {
                Some(text) => self.expect_type(text, &Ty::Text),
                None => Value::text(""),
            }),
            (
                "RefCell" | "Cell" | "Mutex" | "RwLock" | "AtomicUsize" | "AtomicU32" | "AtomicU64"
                | "AtomicI64" | "AtomicBool",
                "new" | "from",
            ) if first.as_ref().is_some_and(|value| !value.holds_model()) => {
                let slot = self.allocate(first?);
                self.cells.insert(slot);
                Ok(Value::Ref(std::rc::Rc::new(Place {
                    slot,
                    projections: Vec::new(),
                })))
            }
            ("Rc" | "Arc" | "Box" | "Pin", "new" | "from" | "pin" | "clone") => {
                let value = args.first().cloned().unwrap_or(Value::Unit);
                Ok(self.kept(&value))
            }
            (
                "Box" | "Rc" | "Arc" | "RefCell" | "Cell" | "Mutex" | "RwLock" | "Some" | "Cow"
                | "Pin" | "NonZeroUsize",
                "new" | "from" | "pin" | "clone" | "Owned" | "Borrowed" | "new_cyclic",
            ) => Ok(first.unwrap_or(Value::Unit)),
            (number, _) if limits(number).is_some() || matches!(number, "f32" | "f64") => {
                return self.number_function(number, last, args);
            }
            ("char", _) => return self.char_function(last, args),
            ("str" | "String", "from_iter") => {
                let list = match self.forced(&first?, span) {
                    Ok(list) => list,
                    Err(exit) => return Some(Err(exit)),
                };
                return self.std_method(&list, Name::new("concat"), &[], &[], span);
            }
            ("LazyLock" | "LazyCell" | "Lazy", "new") => {
                return Some(self.call_value(&first?, Vec::new(), span));
            }
            ("OnceLock" | "OnceCell", "new") => Ok(Value::Opt(None)),
            ("cmp", "Reverse") => Ok(match first? {
                Value::Int(Num::Known(number)) => Value::known(-number),
                _ => Value::unknown(),
            }),
            ("mem", "take" | "replace" | "swap") => return self.exchanged(last, args),
            ("cmp", "max" | "min") | ("", "max" | "min") if args.len() == 2 => {
                return self.number_method(&first?, last, &args[1..]);
            }
            ("iter", "once") => Ok(Value::list(vec![super::super::value::Item::One(first?)])),
            ("iter", "repeat") => Ok(endless(Source::Repeat(first?))),
            ("iter", "from_fn") => Ok(endless(Source::FromFn(first?))),
            ("iter", "successors") => Ok(endless(Source::Successors {
                next: first?,
                step: args.get(1)?.clone(),
            })),
            ("iter", "repeat_n") => {
                let count = args.get(1)?.clone();
                Ok(Value::list(self.repeated(first?, &count)))
            }
            ("iter", "empty") => Ok(Value::list(Vec::new())),
            ("iter", "zip") => {
                let zipped = self.std_method(&first?, Name::new("zip"), &[], &args[1..], span);
                return zipped;
            }
            ("array", "from_fn") => {
                let count = match (generics.get(1), &expected) {
                    (Some(Ty::Const(count)), _) | (_, Some(Ty::Array(_, Some(count)))) => {
                        count.clone()
                    }
                    _ => Num::named("?"),
                };
                let range = Value::Range(std::rc::Rc::new(super::super::value::RangeValue {
                    low: Num::Known(0),
                    high: Some(count),
                    inclusive: false,
                }));
                let element = match (generics.first(), &expected) {
                    (Some(element), _) => Some(element.clone()),
                    (None, Some(Ty::Array(element, _))) => Some((**element).clone()),
                    _ => None,
                };
                let items = self.items(&range)?;
                let function = first?;
                return Some(
                    match self.map_items(items, |machine, value| {
                        machine.expected = element.clone();
                        let made = machine.call_value(&function, vec![value], span);
                        machine.expected = None;
                        made
                    }) {
                        Ok(items) => Ok(self.new_list(items, span)),
                        Err(exit) => Err(exit),
                    },
                );
            }
            ("Default", "default") | ("", "default") if args.is_empty() => {
                // Whatever it is given to says of which type.
                let unknown = Value::default_of_any_type;
                Ok(generics
                    .first()
                    .map_or_else(unknown, |ty| self.default_of(ty)))
            }
            ("process", "exit") => Err(Exit::Never),
            ("Option", "map" | "unwrap" | "is_some" | "cloned" | "as_ref")
            | ("Iterator", _)
            | ("Clone" | "ToString" | "Into" | "From" | "AsRef" | "Result", _)
                if !args.is_empty() =>
            {
                if last == "from" {
                    return Some(Ok(first?));
                }
                return Some(self.call_method(
                    &args[0],
                    Name::new(last),
                    generics,
                    args[1..].to_vec(),
                    span,
                ));
            }
            (_, "drop") if path.len() == 1 => Ok(Value::Unit),
            (owner, "new" | "with_capacity" | "default") if map_kind(owner).is_some() => {
                Ok(Value::Map(std::rc::Rc::new(map_kind(owner)?)))
            }
            (owner, "from" | "from_iter") if map_kind(owner).is_some() => {
                let list = match self.forced(&first?, span) {
                    Ok(list) => list,
                    Err(exit) => return Some(Err(exit)),
                };
                let map = self.map_of(map_kind(owner)?, &list);
                Ok(map.unwrap_or_else(Value::unknown))
            }
            (
                "String" | "str" | "Vec" | "Option" | "slice" | "VecDeque" | "BTreeMap" | "HashMap"
                | "BTreeSet" | "HashSet",
                _,
            ) if !args.is_empty() => {
                let receiver = args[0].clone();
                let rest = args[1..].to_vec();
                return Some(self.call_method(&receiver, Name::new(last), generics, rest, span));
            }
            (owner, _) if map_kind(owner).is_some() => Ok(Value::unknown()),
            _ => return None,
        })
    }

    /// `u8::try_from(x)`, `usize::max(a, b)`.
    fn number_function(&mut self, owner: &str, name: &str, args: &[Value]) -> Option<Eval> {
        let first = args.first().map(|arg| self.deref(arg))?;
        match (name, limits(owner)) {
            ("from" | "try_from", None) => Some(Ok(Value::Float(match &first {
                Value::Float(Some(real)) if owner == "f32" => Some(Real::Single(real.single())),
                Value::Float(Some(real)) => Some(Real::Double(real.double())),
                Value::Int(Num::Known(number)) if owner == "f32" => {
                    Some(Real::Single(*number as f32))
                }
                Value::Int(Num::Known(number)) => Some(Real::Double(*number as f64)),
                _ => None,
            }))),
            ("from" | "try_from", Some((low, high))) => Some(Ok(match &first {
                Value::Int(Num::Known(number)) if name == "try_from" => {
                    match (low..=high).contains(number) {
                        true => first,
                        false => Value::err(Value::unknown()),
                    }
                }
                Value::Bool(Cond::Known(truth)) => Value::known(i128::from(*truth)),
                Value::Text(text) => match text.known().map(|text| text.chars().next()) {
                    Some(Some(c)) => Value::known(i128::from(u32::from(c))),
                    _ => Value::Int(Num::named("?")),
                },
                _ => first,
            })),
            ("from_str_radix", Some((low, high))) => {
                let text = self.display(&first);
                let radix = u32::try_from(self.number(args.get(1)?).known()?).ok()?;
                let number = i128::from_str_radix(text.known()?, radix.clamp(2, 36)).ok();
                Some(Ok(match number.filter(|n| (low..=high).contains(n)) {
                    Some(number) => Value::known(number),
                    None => Value::err(Value::unknown()),
                }))
            }
            (_, own) => {
                self.receiver_limits = own;
                self.number_method(&first, name, &args[1..])
            }
        }
    }

    /// `mem::take`, `mem::replace`, `mem::swap`.
    fn exchanged(&mut self, name: &str, args: &[Value]) -> Option<Eval> {
        let old = self.owned(args.first()?);
        let new = match name {
            "take" => {
                let ty = self.ty_of(&old);
                self.default_of(&ty)
            }
            _ => self.owned(args.get(1)?),
        };
        if let Value::Ref(place) = args.first()? {
            self.write_place(place, new);
        }
        if let ("swap", Some(Value::Ref(place))) = (name, args.get(1)) {
            self.write_place(place, old);
            return Some(Ok(Value::Unit));
        }
        Some(Ok(old))
    }

    /// The variables in a collection, as an optimizer gets them.
    pub fn vars_in(&mut self, value: &Value) -> Option<Vars> {
        match self.deref(value) {
            Value::Vars(vars) => Some((*vars).clone()),
            Value::Alt(values) => {
                let all: Vec<Vars> = values
                    .iter()
                    .filter_map(|value| self.vars_in(value))
                    .collect();
                merge(all)
            }
            Value::List(list) => {
                let mut all = Vec::new();
                for item in &list.items {
                    match self.deref(item.value()) {
                        Value::Tensor(tensor) => {
                            if let Some(param) = tensor.param {
                                all.push(Vars {
                                    stores: Vec::new(),
                                    params: vec![param],
                                    filtered: true,
                                });
                            }
                        }
                        other => all.extend(self.vars_in(&other)),
                    }
                }
                merge(all)
            }
            _ => None,
        }
    }
}

fn endless(source: Source) -> Value {
    Value::Iter(std::rc::Rc::new(IterValue::of(source)))
}

fn merge(all: Vec<Vars>) -> Option<Vars> {
    let mut all = all.into_iter();
    let mut merged = all.next()?;
    for vars in all {
        merged.stores.extend(
            vars.stores
                .into_iter()
                .filter(|store| !merged.stores.contains(store))
                .collect::<Vec<_>>(),
        );
        merged.params.extend(vars.params);
        merged.filtered |= vars.filtered;
    }
    Some(merged)
}
