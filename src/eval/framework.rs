//! Where the run meets a framework: calls and methods it knows by itself, and the events they leave in the log.

use std::rc::Rc;

use super::log::{
    CopyEvent, FreezeEvent, GroupingEvent, LoadEvent, ModuleEvent, OptimizerEvent, ParamEvent,
    SplitEvent, StepEvent, StoreInfo, Target,
};
use super::machine::{Condition, Eval, Exit, Machine};
use super::num::Num;
use super::selector::Selector;
use super::text::Text;
use super::ty::Ty;
use super::value::{
    Builder, Cond, Container, Item, List, ModuleValueId, OptimizerId, ParamId, StoreId,
    StructValue, TensorValue, Value, Vars,
};
use crate::frameworks::{self, Framework};
use crate::name::Name;
use crate::program::hir::{BinaryOp, Member};
use crate::source::Span;

impl<'p> Machine<'p> {
    pub fn call_foreign(
        &mut self,
        krate: Name,
        path: &[Name],
        generics: &[Ty],
        args: Vec<Value>,
        span: Span,
    ) -> Eval {
        if krate == "derive" {
            let name = path.last().map_or("", |name| name.as_str());
            let ty = generics.first().cloned().unwrap_or(Ty::Unknown);
            if let Some(built) = frameworks::built_by_trait(self, &ty, name, span) {
                return Ok(built);
            }
            if name == "new" || name == "default" {
                return self.call_derived(&ty, name, args, span);
            }
            self.lost_arguments(&args, span, &format!("`{name}`, which is not known"));
            return Ok(Value::unknown());
        }
        if krate == "std" {
            if let Some(outcome) = self.std_function(path, generics, &args, span) {
                return outcome;
            }
        } else if let Some(framework) = Framework::of_crate(krate)
            && let Some(outcome) = frameworks::call(self, framework, path, generics, &args, span)
        {
            return outcome;
        }
        let written: Vec<&str> = path.iter().map(|name| name.as_str()).collect();
        let what = if krate == "std" {
            written.join("::")
        } else {
            format!("{krate}::{}", written.join("::"))
        };
        for arg in &args {
            if let Value::Closure(_) = arg {
                match self.call_value(arg, Vec::new(), span) {
                    Ok(_) | Err(Exit::Never) => {}
                    Err(exit) => return Err(exit),
                }
            }
        }
        self.lost_arguments(&args, span, &format!("`{what}`, whose source is not here"));
        Ok(self
            .mixed_flows(&args.iter().collect::<Vec<_>>())
            .unwrap_or_else(Value::unknown))
    }

    pub fn foreign_constant(&mut self, krate: Name, path: &[Name]) -> Option<Value> {
        frameworks::constant(krate, path)
    }

    pub fn framework_method(
        &mut self,
        value: &Value,
        method: Name,
        generics: &[Ty],
        args: &[Value],
        spans: &[Span],
        span: Span,
    ) -> Option<Eval> {
        frameworks::method(self, value, method, generics, args, spans, span)
    }

    pub fn framework_operator(
        &mut self,
        op: BinaryOp,
        left: &Value,
        right: &Value,
    ) -> Option<Value> {
        match (op, left) {
            (BinaryOp::Div, Value::Builder(builder)) => {
                let builder = builder.clone();
                Some(self.sub_builder(&builder, right))
            }
            (BinaryOp::Div, Value::Alt(values))
                if values
                    .iter()
                    .all(|value| matches!(value, Value::Builder(_))) =>
            {
                let paths = values
                    .iter()
                    .filter_map(|value| self.framework_operator(op, value, right));
                let paths: Vec<Value> = paths.collect();
                Some(Value::one_of(paths))
            }
            _ => {
                let flows = self.mixed_flows(&[left, right]);
                match (left, right) {
                    (Value::Tensor(_), _) | (_, Value::Tensor(_)) => {
                        Some(flows.unwrap_or_else(Value::tensor))
                    }
                    _ => None,
                }
            }
        }
    }

    /// The builder one segment down.
    pub fn sub_builder(&mut self, builder: &Builder, segment: &Value) -> Value {
        let segment = self.deref(segment);
        let results: Vec<Value> = segment
            .alternatives()
            .iter()
            .map(|segment| {
                let text = self.display(segment);
                let text = if matches!(segment, Value::Unit) {
                    Text::default()
                } else {
                    text
                };
                let prefix = builder.below(&text);
                Value::Builder(Rc::new(Builder {
                    prefix,
                    blank: false,
                    ..builder.clone()
                }))
            })
            .collect();
        Value::one_of(results)
    }

    pub fn new_store(&mut self, framework: Framework, name: &str, span: Option<Span>) -> StoreId {
        self.log.stores.push(StoreInfo {
            span,
            name: name.into(),
            framework: Some(framework),
            grants: false,
            born_under: self.loops.len(),
            is_stray: false,
        });
        StoreId(self.log.stores.len() as u32 - 1)
    }

    /// The store behind an argument, or a part of one; what is called the same is one store. Without a name it is a stray one.
    pub fn given_store(&mut self, framework: Framework, name: Option<&str>) -> StoreId {
        let name = name.filter(|name| super::symbol::tells_apart(name));
        let known = self.log.stores.iter().position(|store| {
            store.span.is_none()
                && store.framework == Some(framework)
                && name == Some(store.name.as_str())
        });
        if let Some(known) = known {
            return StoreId(known as u32);
        }
        let store = self.new_store(framework, name.unwrap_or("store"), None);
        self.log.stores[store.0 as usize].is_stray = name.is_none();
        store
    }

    /// A store that makes what it is asked for.
    pub fn new_map(&mut self, framework: Framework, name: &str, span: Option<Span>) -> StoreId {
        let store = self.new_store(framework, name, span);
        self.log.stores[store.0 as usize].grants = true;
        store
    }

    pub fn root_builder(&mut self, store: StoreId) -> Value {
        let is_stray = self.log.stores[store.0 as usize].is_stray;
        Value::Builder(Rc::new(Builder {
            store,
            prefix: Text::default(),
            group: Num::Known(0),
            lost: is_stray.then_some(
                "parameters are made at a path that comes from code that is not followed",
            ),
            renames: Vec::new(),
            step: None,
            blank: false,
        }))
    }

    /// A parameter of a store; the tensor that holds it.
    pub fn make_param(
        &mut self,
        builder: &Builder,
        name: &Value,
        shape: Option<Vec<Num>>,
        trainable: bool,
        span: Span,
    ) -> Value {
        let name = self.deref(name);
        let mut tensors = Vec::new();
        for name in name.alternatives() {
            let path = self.param_path(builder, &name, span);
            tensors.push(self.push_param(Some(builder), path, shape.clone(), trainable, span));
        }
        Value::one_of(tensors)
    }

    /// The full name of a store's parameter; what of it is not known is opaque.
    pub fn param_path(&mut self, builder: &Builder, name: &Value, span: Span) -> Text {
        let text = self.display(name);
        let path = builder.below(&text);
        let path = self.renamed(builder, path, span);
        if let Some(why) = builder.lost {
            self.opaque(span, why.to_string());
        } else if let Some(hole) = path.first_hole() {
            let hole = self.shown(hole);
            self.opaque(span, format!("the name of a parameter depends on {hole}"));
        } else if let Some(index) = path.indices().find(|index| !self.loops.contains(index)) {
            let name = self.indices[index.0 as usize].name.clone();
            self.opaque(
                span,
                format!("which of the rounds {{{name}}} a parameter belongs to is not known"),
            );
        }
        path
    }

    pub fn push_param(
        &mut self,
        builder: Option<&Builder>,
        path: Text,
        shape: Option<Vec<Num>>,
        trainable: bool,
        span: Span,
    ) -> Value {
        let id = ParamId(self.log.params.len() as u32);
        let conditions = self.active_conditions();
        let loops = self.loops.clone();
        let span = self.on_disk(span);
        self.log.tick();
        self.log.push_param(ParamEvent {
            store: builder.map(|builder| builder.store),
            path,
            shape: shape.clone(),
            group: builder.map_or(Num::Known(0), |builder| builder.group.clone()),
            trainable,
            span,
            conditions,
            loops,
            step: builder.and_then(|builder| builder.step.clone()),
        });
        Value::Tensor(Rc::new(TensorValue {
            param: Some(id),
            shape,
            flow: None,
        }))
    }

    pub fn active_conditions(&self) -> Vec<Condition> {
        let sticky = self
            .frames
            .iter()
            .flat_map(|frame| frame.sticky.iter().map(|(condition, _)| *condition));
        let mut all: Vec<Condition> = self.conditions.iter().copied().chain(sticky).collect();
        all.sort_by_key(|condition| condition.branch);
        all.dedup();
        all
    }

    fn renamed(&mut self, builder: &Builder, path: Text, span: Span) -> Text {
        let mut path = path;
        for function in builder.renames.iter().rev() {
            let given = vec![Value::Text(path.clone())];
            let renamed = match self.deref(function) {
                // candle's `Renamer`.
                renamer @ (Value::Struct(_) | Value::Variant(_)) => {
                    self.call_method(&renamer, Name::new("rename"), &[], given, span)
                }
                _ => self.call_value(function, given, span),
            };
            match renamed {
                Ok(value) => path = self.display(&value),
                Err(_) => path = Text::hole("a renaming function"),
            }
        }
        path
    }

    /// A shape given as a number, tuple, array or list.
    pub fn shape_of(&mut self, value: &Value) -> Option<Vec<Num>> {
        match self.deref(value) {
            Value::Unit => Some(Vec::new()),
            Value::Int(num) => Some(vec![num]),
            Value::Tuple(values) => Some(values.iter().map(|value| self.number(value)).collect()),
            Value::List(list) => list
                .items
                .iter()
                .map(|item| match item {
                    Item::One(value) => Some(self.number(value)),
                    _ => None,
                })
                .collect(),
            Value::Unknown(unknown)
                if unknown.ty == Ty::Int || unknown.ty == Ty::Unknown && unknown.name.is_some() =>
            {
                Some(vec![self.number(value)])
            }
            _ => None,
        }
    }

    pub fn build_optimizer(&mut self, kind: &str, target: Target, span: Span) -> Value {
        let id = OptimizerId(self.log.optimizers.len() as u32);
        let function = self.frames.last().and_then(|frame| frame.function.clone());
        let time = self.log.tick();
        self.log.optimizers.push(OptimizerEvent {
            id,
            kind: kind.into(),
            target,
            span,
            function,
            time,
            conditions: self.conditions.clone(),
        });
        Value::Optimizer(id)
    }

    pub fn target_of(&mut self, value: &Value) -> Target {
        match self.vars_in(value) {
            Some(vars) => Target::Vars(Rc::new(vars)),
            None => Target::Unknown,
        }
    }

    pub fn record_step(&mut self, optimizer: &Value, model: Option<Value>, span: Span) {
        let (id, field) = match self.deref(optimizer) {
            Value::Optimizer(id) => (Some(id), None),
            Value::Unknown(unknown) => {
                let field = unknown.name.as_deref().map(super::symbol::last_field);
                (None, field.map(Name::new))
            }
            _ => (None, None),
        };
        let function = self.frames.last().and_then(|frame| frame.function.clone());
        let time = self.log.tick();
        self.log.steps.push(StepEvent {
            optimizer: id,
            model,
            field,
            span,
            function,
            time,
        });
    }

    pub fn record_split(
        &mut self,
        store: Option<StoreId>,
        optimizer: Option<OptimizerId>,
        span: Span,
    ) {
        self.log.splits.push(SplitEvent {
            store,
            optimizer,
            span,
        });
    }

    /// One more parameter group of an optimizer; of a scheduler, for all optimizers.
    pub fn record_group(
        &mut self,
        optimizer: Option<OptimizerId>,
        group: Option<&Value>,
        span: Span,
    ) {
        self.record_split(None, optimizer, span);
        let selector = match group.map(|group| self.deref(group)) {
            Some(Value::Selector(selector)) => selector,
            _ => Rc::new(Selector::Unknown),
        };
        self.log.groupings.push(GroupingEvent {
            optimizer,
            selector,
            span,
        });
    }

    pub fn record_load(
        &mut self,
        stores: Vec<StoreId>,
        model: Option<Value>,
        path: Option<&Value>,
        span: Span,
    ) {
        let path = path.map(|path| self.display(path));
        let function = self.frames.last().and_then(|frame| frame.function.clone());
        let conditions = self.active_conditions();
        let time = self.log.tick();
        let in_loop = !self.loops.is_empty();
        let callers = self
            .frames
            .iter()
            .filter_map(|frame| {
                frame
                    .function
                    .as_ref()
                    .map(|function| function.func.name.name)
            })
            .collect();
        self.log.loads.push(LoadEvent {
            stores,
            model,
            path,
            span,
            function,
            conditions,
            time,
            in_loop,
            callers,
        });
    }

    /// Values of one store are written over those of this one.
    pub fn record_copy(&mut self, into: StoreId, span: Span) {
        self.log.copies.push(CopyEvent {
            into: vec![into],
            span,
        });
    }

    pub fn record_save(&mut self, path: &Value) {
        let path = self.display(path);
        self.log.saves.push(path);
    }

    pub fn record_freeze(&mut self, store: StoreId, frozen: bool) {
        let time = self.log.tick();
        self.log.freezes.push(FreezeEvent {
            store,
            frozen,
            made: self.log.params.len(),
            time,
        });
    }

    /// The gradient of one variable is switched off; of one that is not known, the store is trained in part.
    pub fn record_frozen_variable(&mut self, value: &Value) {
        match self.deref(value) {
            Value::Tensor(tensor) => self.log.frozen_params.extend(tensor.param),
            Value::Vars(vars) => {
                self.log.frozen_params.extend(&vars.params);
                vars.stores
                    .iter()
                    .for_each(|store| self.record_freeze(*store, true));
            }
            Value::Store(store) => self.record_freeze(store, true),
            _ => {}
        }
    }

    /// The gradients of all that is in a module are switched off, be it a struct, a tuple or a list.
    pub fn record_frozen_module(&mut self, value: &Value) {
        self.log.tick();
        self.log.frozen_params.extend(value.params());
    }

    /// An optimizer's own state is loaded: a training goes on.
    pub fn record_optimizer_state(&mut self, span: Span) {
        let function = self.frames.last().and_then(|frame| frame.function.clone());
        self.log.optimizer_states.push((span, function));
    }

    /// `contains_tensor`: of a map that this run fills, what it holds so far; else the checkpoint decides.
    pub fn contains(&mut self, builder: &Builder, name: &Value) -> Value {
        let text = self.display(name);
        let path = builder.below(&text);
        let made_here = {
            let store = &self.log.stores[builder.store.0 as usize];
            store.grants && store.span.is_some()
        };
        let known = self.log.params.iter().any(|event| {
            event.store == Some(builder.store) && event.path == path && event.conditions.is_empty()
        });
        let cond = match (known, made_here) {
            (true, _) => Cond::Known(true),
            (false, true) if path.first_hole().is_none() => Cond::Known(false),
            _ => super::symbol::question(&format!("contains {path:?}"), false),
        };
        Value::Bool(cond)
    }

    /// True if a request for a parameter may fail: candle's `get` on a checkpoint.
    pub fn may_deny(&self, store: StoreId) -> bool {
        let store = &self.log.stores[store.0 as usize];
        store.framework == Some(Framework::Candle) && !store.grants
    }

    /// A value that may be a module came to be.
    pub fn module_built(&mut self, id: ModuleValueId, value: &Value, span: Span) {
        if let Value::Struct(fields) = value {
            for (member, value) in &fields.fields {
                if let (Value::Optimizer(optimizer), Member::Named(field)) = (value, member) {
                    self.log.optimizer_fields.push((*optimizer, *field));
                }
            }
        }
        let relevant = value.any(|part| {
            matches!(part, Value::Tensor(tensor) if tensor.param.is_some())
                || matches!(part, Value::Container(_))
        });
        if !relevant {
            return;
        }
        let function = self.frames.last().and_then(|frame| frame.function.clone());
        self.log.tick();
        self.log.modules.push(ModuleEvent {
            id,
            value: value.clone(),
            span,
            function,
        });
    }

    /// The copy that `clone` makes: the same module for candle and tch, whose tensors are shared.
    pub fn cloned(&mut self, value: &Value) -> Value {
        value.clone()
    }

    pub fn new_container(&mut self, items: Vec<super::value::ContainerItem>, span: Span) -> Value {
        let id = self.fresh_module();
        let home = self.frame().home;
        let born_under = self.loops.len();
        let path = self.frame().path.clone();
        Value::Container(Rc::new(Container {
            id,
            items,
            span,
            home,
            path,
            born_under,
        }))
    }

    pub fn framework_symbol(
        &mut self,
        krate: Name,
        foreign: Name,
        name: Option<&str>,
    ) -> Option<Value> {
        frameworks::symbol(self, krate, foreign, name)
    }

    pub fn framework_member(&mut self, value: &Value, member: Member) -> Option<Value> {
        match (value, member) {
            // tch's `VarStore { variables_ }`, `Tensor.0`
            (Value::Store(_) | Value::Tensor(_) | Value::Builder(_), _) => Some(value.clone()),
            (Value::Container(container), Member::Index(index)) => container
                .items
                .get(index as usize)
                .map(|item| item.item.value().clone()),
            _ => None,
        }
    }

    pub fn is_framework_layer(&self, fields: &StructValue) -> bool {
        let krate = self.package_of(fields.def.module);
        Framework::of_crate(krate).is_some()
    }

    /// The parameters of a store, as its map of names holds them.
    pub fn store_entries(&mut self, store: StoreId) -> Value {
        let entries: Vec<Item> = self
            .log
            .params
            .iter()
            .enumerate()
            .filter(|(_, event)| event.store == Some(store))
            .map(|(number, event)| {
                let tensor = Value::Tensor(Rc::new(TensorValue {
                    param: Some(ParamId(number as u32)),
                    ..TensorValue::default()
                }));
                Item::One(Value::tuple(vec![Value::Text(event.path.clone()), tensor]))
            })
            .collect();
        if entries.is_empty() {
            // Nothing is known to be in it: what is done with each entry is done with one that stands for all.
            let index = self.fresh_index("i", 0, Num::named("?"));
            let tensor = Value::Vars(Rc::new(Vars {
                stores: vec![store],
                params: Vec::new(),
                filtered: true,
            }));
            let entry = Value::tuple(vec![Value::Text(Text::hole("a parameter's name")), tensor]);
            return Value::list(vec![Item::Repeat {
                index,
                value: entry,
            }]);
        }
        Value::List(Rc::new(List {
            items: entries,
            ..List::default()
        }))
    }
}
