//! burn's `ParamGroup`: which parameters its constructors and methods pick.

use std::rc::Rc;

use crate::eval::{Item, Machine, Selector, Value};

/// `ParamGroup::from_path("head.weight")`
pub fn selector(machine: &mut Machine<'_>, constructor: &str, args: &[Value]) -> Value {
    let selector = match constructor {
        "all" => Some(Selector::All),
        "from_path" => one(machine, args).map(Selector::Paths),
        "from_paths" => many(machine, args).map(Selector::Paths),
        "from_predicate" => one(machine, args).map(Selector::Containing),
        "from_predicates" => many(machine, args).map(Selector::Containing),
        "from_regex" => one(machine, args).map(Selector::Matching),
        "from_regexes" => many(machine, args).map(Selector::Matching),
        "from_any_predicates" => many(machine, args).map(|all| any_of(all, Selector::Containing)),
        "from_any_regexes" => many(machine, args).map(|all| any_of(all, Selector::Matching)),
        "ids_from_module" => args.first().map(|module| {
            let module = machine.deref(module);
            Selector::Params(module.params())
        }),
        _ => None,
    };
    value(selector.unwrap_or(Selector::Unknown))
}

/// `fuse`, `exclude`, and what leaves a group as it is.
pub fn method(
    machine: &mut Machine<'_>,
    group: &Rc<Selector>,
    name: &str,
    args: &[Value],
) -> Option<Value> {
    let other = args.first().map(|other| machine.deref(other));
    let other = match &other {
        Some(Value::Selector(other)) => other.matcher(),
        _ => Selector::Unknown,
    };
    Some(match name {
        // Both lose their exceptions.
        "fuse" => value(Selector::Any(vec![
            Rc::new(group.matcher()),
            Rc::new(other),
        ])),
        "exclude" => value(match &**group {
            Selector::Except(matcher, but) => Selector::Except(
                matcher.clone(),
                Rc::new(Selector::Any(vec![but.clone(), Rc::new(other)])),
            ),
            _ => Selector::Except(group.clone(), Rc::new(other)),
        }),
        "clone" | "unwrap" | "expect" => Value::Selector(group.clone()),
        _ => return None,
    })
}

fn value(selector: Selector) -> Value {
    Value::Selector(Rc::new(selector))
}

/// Of no pattern, all parameters.
fn any_of(patterns: Vec<String>, of: fn(Vec<String>) -> Selector) -> Selector {
    match patterns.is_empty() {
        true => of(patterns),
        false => {
            let parts = patterns.into_iter().map(|one| Rc::new(of(vec![one])));
            Selector::Any(parts.collect())
        }
    }
}

fn one(machine: &mut Machine<'_>, args: &[Value]) -> Option<Vec<String>> {
    let pattern = machine.display(args.first()?);
    Some(vec![pattern.known()?.to_owned()])
}

fn many(machine: &mut Machine<'_>, args: &[Value]) -> Option<Vec<String>> {
    let Value::List(list) = machine.deref(args.first()?) else {
        return None;
    };
    let patterns = list.items.iter().map(|item| match item {
        Item::One(pattern) => machine.display(pattern).known().map(str::to_owned),
        Item::Repeat { .. } | Item::Maybe(_) => None,
    });
    patterns.collect()
}
