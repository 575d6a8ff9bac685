//! Expressions and statements.

use std::rc::Rc;

use super::attempt::wants_error;
use super::machine::{Condition, Eval, Exit, MAX_UNROLLED, Machine};
use super::num::Num;
use super::real::Real;
use super::text::Text;
use super::ty::Ty;
use super::value::{ClosureValue, Cond, Item, List, Place, RangeValue, Slot, Value};
use crate::program::hir::{
    BinaryOp, Block, Closure, Expr, ExprKind, Lit, Member, Pat, PatKind, Stmt, UnaryOp,
};
use crate::source::Span;

impl<'p> Machine<'p> {
    pub fn eval(&mut self, expr: &Expr) -> Eval {
        if !self.burn_fuel() {
            self.opaque(expr.span, "the run took too many steps".into());
            return Err(Exit::Never);
        }
        let expected = self.expected.take();
        match &expr.kind {
            ExprKind::Lit(lit) => Ok(literal(lit)),
            ExprKind::Path(path) => self.eval_path(path),
            ExprKind::Unary(op, inner) => {
                let value = self.eval(inner)?;
                let value = self.deref(&value);
                match (op, &value, self.limits_of(inner)) {
                    (UnaryOp::Not, Value::Int(Num::Known(bits)), Some((low, high))) => {
                        Ok(Value::known(if low == 0 { high - bits } else { -1 - bits }))
                    }
                    _ => Ok(self.unary(*op, value)),
                }
            }
            ExprKind::Binary(op @ (BinaryOp::And | BinaryOp::Or), left, right) => {
                self.eval_lazy(*op, left, right)
            }
            ExprKind::Binary(op, left, right) => {
                let (operand, left) = (left, self.eval(left)?);
                let right = self.eval(right)?;
                let result = self.binary(*op, left, right)?;
                Ok(self.with_operator_step(*op, operand, result))
            }
            ExprKind::Assign(target, value) => {
                let value = self.eval(value)?;
                self.assign(target, value)?;
                Ok(Value::Unit)
            }
            ExprKind::AssignOp(op, target, value) => {
                let value = self.eval(value)?;
                // `*map.entry(key).or_insert(0) += 1`: what is called is called once.
                if let ExprKind::Unary(UnaryOp::Deref, inner) = &target.kind
                    && let ExprKind::MethodCall(_) | ExprKind::Call(..) = &inner.kind
                {
                    if let Value::Ref(place) = self.eval(inner)? {
                        let old = self.read_place(&place);
                        let new = self.binary(*op, old, value)?;
                        self.write_place(&place, new);
                    }
                    return Ok(Value::Unit);
                }
                let old = self.eval(target)?;
                let new = self.binary(*op, old, value)?;
                self.assign(target, new)?;
                Ok(Value::Unit)
            }
            ExprKind::Ref {
                mutable: true,
                expr,
            } => match self.place_of(expr)? {
                Some(place) => Ok(Value::Ref(Rc::new(place))),
                None => {
                    let value = self.eval(expr)?;
                    let slot = self.allocate(value);
                    Ok(Value::Ref(Rc::new(Place {
                        slot,
                        projections: Vec::new(),
                    })))
                }
            },
            ExprKind::Ref {
                mutable: false,
                expr,
            } => {
                self.expected = expected;
                self.eval(expr)
            }
            ExprKind::Call(callee, args) => self.eval_call(callee, args, expected, expr.span),
            ExprKind::MethodCall(call) => self.eval_method_call(call, expected, expr.span),
            ExprKind::Field(base, member) => {
                let base = self.eval(base)?;
                Ok(self.member_of(&base, *member))
            }
            ExprKind::Index(base, index) => {
                let base = self.eval(base)?;
                let index = self.eval(index)?;
                Ok(self.index(&base, &index))
            }
            ExprKind::Tuple(elements) if elements.is_empty() => Ok(Value::Unit),
            ExprKind::Tuple(elements) => {
                let parts = match expected {
                    Some(Ty::Tuple(parts, _)) => parts.iter().cloned().map(Some).collect(),
                    _ => Vec::new(),
                };
                let mut values = Vec::with_capacity(elements.len());
                for (number, element) in elements.iter().enumerate() {
                    self.expected = parts.get(number).cloned().flatten();
                    values.push(self.eval(element)?);
                }
                let holds_layers = values.iter().any(|value| {
                    value
                        .any(|part| matches!(part, Value::Tensor(tensor) if tensor.param.is_some()))
                });
                if holds_layers {
                    // A tuple of layers is a container, with its place.
                    let items = values.into_iter().map(Item::One).collect();
                    return Ok(Value::List(Rc::new(List {
                        items,
                        span: Some(expr.span),
                        ..List::default()
                    })));
                }
                Ok(Value::tuple(values))
            }
            ExprKind::Array { elements, .. } => {
                let inner = match expected {
                    Some(Ty::Vec(inner) | Ty::Array(inner, _)) => Some((*inner).clone()),
                    _ => None,
                };
                let mut items = Vec::with_capacity(elements.len());
                for element in elements {
                    self.expected = inner.clone();
                    items.push(Item::One(self.eval(element)?));
                }
                Ok(self.new_list(items, expr.span))
            }
            ExprKind::Repeat { element, count, .. } => {
                let value = self.eval(element)?;
                let count = self.eval(count)?;
                let items = self.repeated(value, &count);
                Ok(self.new_list(items, expr.span))
            }
            ExprKind::Struct(literal) => self.eval_struct(literal, expected, expr.span),
            ExprKind::Block(block) => {
                self.expected = expected;
                self.eval_block(block)
            }
            ExprKind::If {
                cond,
                then,
                otherwise,
            } => self.eval_if(cond, then, otherwise.as_deref(), expected),
            ExprKind::Let(pat, scrutinee) => {
                let pending = self.pending();
                let value = self.eval(scrutinee)?;
                let doubtful = self.is_pending_since(pending);
                Ok(Value::Bool(match self.matches_if(pat, &value, doubtful) {
                    super::pattern::Match::Yes => {
                        self.bind_pattern(pat, &value);
                        Cond::Known(true)
                    }
                    super::pattern::Match::No => Cond::Known(false),
                    super::pattern::Match::Maybe => {
                        self.bind_pattern(pat, &value);
                        Cond::Unknown
                    }
                }))
            }
            ExprKind::Match(scrutinee, arms) => self.eval_match(scrutinee, arms, expected),
            ExprKind::Loop { body, label } => self.eval_loop(None, body, *label, expr.span),
            ExprKind::While { cond, body, label } => {
                self.eval_loop(Some(cond), body, *label, expr.span)
            }
            ExprKind::For {
                pat,
                iter,
                body,
                label,
            } => self.eval_for(pat, iter, body, *label, expr.span),
            ExprKind::Closure(closure) => Ok(self.closure(closure)),
            ExprKind::Return(value) => {
                self.expected = self.frame().result.clone();
                let value = self.eval_optional(value.as_deref());
                self.expected = None;
                Err(Exit::Return(value?))
            }
            ExprKind::Break { label, value } => {
                let value = self.eval_optional(value.as_deref())?;
                Err(Exit::Break(*label, value))
            }
            ExprKind::Continue(label) => Err(Exit::Continue(*label)),
            ExprKind::Try(inner) => {
                let pending = self.pending();
                self.expected = expected;
                let value = self.eval(inner)?;
                self.propagate(pending);
                self.eval_try(value)
            }
            ExprKind::Await(inner) => self.eval(inner),
            ExprKind::Cast(inner, ty) => {
                let value = self.eval(inner)?;
                Ok(self.cast(value, ty))
            }
            ExprKind::Range {
                low,
                high,
                inclusive,
            } => self.eval_range(low.as_deref(), high.as_deref(), *inclusive),
            ExprKind::Format(parts) => self.eval_format(parts),
            ExprKind::Diverge {
                returns_error: true,
                ..
            } => Err(Exit::Return(Value::err(Value::unknown()))),
            ExprKind::Diverge { .. } => Err(Exit::Never),
            ExprKind::Ignored(args) => {
                for arg in args {
                    self.eval(arg)?;
                }
                Ok(Value::Unit)
            }
            ExprKind::Macro(call) => match &call.expanded {
                Some(block) => self.eval_block(block),
                None => {
                    let name = call
                        .path
                        .segments
                        .last()
                        .map_or("", |segment| segment.name.as_str());
                    self.unfollowed_macro(name, &call.tokens, expr.span);
                    Ok(Value::unknown())
                }
            },
            ExprKind::Unsupported(what) => {
                self.opaque(expr.span, format!("{what} is not followed"));
                Ok(Value::unknown())
            }
        }
    }

    /// A macro that mentions a variable which can make parameters hides what happens to it.
    fn unfollowed_macro(&mut self, name: &str, tokens: &str, span: Span) {
        let words = tokens
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .filter(|word| !word.is_empty());
        let hides = words.into_iter().any(|word| {
            self.variable(crate::name::Name::new(word))
                .is_some_and(|slot| {
                    let value = self.read_slot(slot);
                    self.can_make_parameters(&value)
                })
        });
        if hides {
            self.opaque(span, format!("the macro `{name}!` is not expanded"));
        }
    }

    pub fn opaque(&mut self, span: Span, reason: String) {
        let span = self.on_disk(span);
        self.log.opaque_once(span, &reason);
    }

    /// The place itself, or the call that led to it if it is inside a stub.
    pub fn on_disk(&self, span: Span) -> Span {
        let mut place = span;
        for frame in self.frames.iter().rev() {
            if !self.program.is_stub(frame.scope) {
                break;
            }
            place = frame.called_at;
        }
        place
    }

    pub fn eval_all(&mut self, exprs: &[Expr]) -> Result<Vec<Value>, Exit> {
        exprs.iter().map(|expr| self.eval(expr)).collect()
    }

    fn eval_optional(&mut self, expr: Option<&Expr>) -> Eval {
        expr.map_or(Ok(Value::Unit), |expr| self.eval(expr))
    }

    pub fn eval_block(&mut self, block: &Block) -> Eval {
        let expected = self.expected.take();
        let outer_scope = self.scope();
        let depth = self.frame().variables.len();
        if !block.items.is_empty() {
            let scope = self.program.block_scope(outer_scope, block);
            self.frame_mut().scope = scope;
        }
        let outcome = self.eval_stmts(block, expected);
        let frame = self.frame_mut();
        frame.scope = outer_scope;
        frame.variables.truncate(depth);
        outcome
    }

    fn eval_stmts(&mut self, block: &Block, expected: Option<Ty>) -> Eval {
        let mut last = Value::Unit;
        for (number, stmt) in block.stmts.iter().enumerate() {
            last = Value::Unit;
            let pending = self.pending();
            match stmt {
                Stmt::Let {
                    pat,
                    ty,
                    init,
                    otherwise,
                    ..
                } => {
                    let expected = ty.as_ref().map(|ty| self.resolve_ty(ty));
                    let Some(init) = init else {
                        self.bind_pattern(pat, &Value::of_type(expected.unwrap_or(Ty::Unknown)));
                        continue;
                    };
                    self.expected = match &expected {
                        Some(ty) => Some(ty.clone()),
                        None => self.type_of_later_use(pat, &block.stmts[number + 1..]),
                    };
                    let value = self.eval(init)?;
                    let value = match &expected {
                        Some(ty) => self.expect_type(value, ty),
                        None => value,
                    };
                    if let Some(block) = otherwise {
                        let doubtful = self.is_pending_since(pending);
                        match self.matches_if(pat, &value, doubtful) {
                            super::pattern::Match::No => return self.eval_block(block),
                            super::pattern::Match::Maybe if doubtful => {
                                let attempts = self.take_pending(pending);
                                self.branch_on(
                                    attempts,
                                    (None, Box::new(|_: &mut Machine<'p>| Ok(Value::Unit))),
                                    (
                                        None,
                                        Box::new(|machine: &mut Machine<'p>| {
                                            machine.eval_block(block)
                                        }),
                                    ),
                                )?;
                            }
                            _ => {}
                        }
                    }
                    self.bind_pattern(pat, &value);
                    match ty {
                        Some(ty) => self.declare(super::call::pattern_name(pat), ty),
                        None => self.declare_like(pat, init),
                    }
                    match super::call::pattern_name(pat)
                        .and_then(|name| self.variable(crate::name::Name::new(name)))
                    {
                        Some(slot) => self.keep_pending(pending, slot),
                        None => {
                            let slots = self.slots_of(pat);
                            self.keep_each(pending, &slots);
                        }
                    }
                }
                Stmt::Expr { expr, semi } => {
                    if !semi && number + 1 == block.stmts.len() {
                        self.expected = expected.clone();
                    }
                    let value = self.eval(expr)?;
                    if !semi {
                        last = value;
                    }
                    if *semi || number + 1 < block.stmts.len() {
                        self.abandon(pending);
                    }
                }
            }
        }
        Ok(last)
    }

    /// The variables of `[a, b]` or `(a, b)`, in order.
    fn slots_of(&self, pat: &Pat) -> Vec<Slot> {
        let (PatKind::Tuple(pats) | PatKind::Slice(pats)) = &pat.kind else {
            return Vec::new();
        };
        let names = pats.iter().map(super::call::pattern_name);
        let slots = names.map(|name| self.variable(crate::name::Name::new(name?)));
        slots.collect::<Option<Vec<Slot>>>().unwrap_or_default()
    }

    fn eval_lazy(&mut self, op: BinaryOp, left: &Expr, right: &Expr) -> Eval {
        let decided = op == BinaryOp::Or;
        match self.eval_cond(left)? {
            Cond::Known(value) if value == decided => Ok(Value::Bool(Cond::Known(decided))),
            Cond::Known(_) => self.eval(right),
            Cond::Symbol { name, negated } => match self.eval_cond(right)? {
                Cond::Known(value) if value == decided => Ok(Value::Bool(Cond::Known(decided))),
                Cond::Known(_) => Ok(Value::Bool(Cond::Symbol { name, negated })),
                _ => Ok(Value::Bool(Cond::Unknown)),
            },
            Cond::Unknown => match self.eval_cond(right)? {
                Cond::Known(value) if value == decided => Ok(Value::Bool(Cond::Known(decided))),
                _ => Ok(Value::Bool(Cond::Unknown)),
            },
        }
    }

    pub fn eval_cond(&mut self, expr: &Expr) -> Result<Cond, Exit> {
        let value = self.eval(expr)?;
        Ok(self.truth(&value))
    }

    pub fn truth(&mut self, value: &Value) -> Cond {
        match self.deref(value) {
            Value::Bool(Cond::Symbol { name, negated }) => match self.assumed(&name) {
                Some(value) => Cond::Known(value != negated),
                None => Cond::Symbol { name, negated },
            },
            Value::Bool(cond) => cond,
            Value::Alt(values) => {
                let truths: Vec<Cond> = values.iter().map(|value| self.truth(value)).collect();
                match truths.split_first() {
                    Some((first, rest)) if rest.iter().all(|cond| cond == first) => first.clone(),
                    _ => Cond::Unknown,
                }
            }
            _ => Cond::Unknown,
        }
    }

    fn eval_if(
        &mut self,
        cond: &Expr,
        then: &Block,
        otherwise: Option<&Expr>,
        expected: Option<Ty>,
    ) -> Eval {
        let depth = self.frame().variables.len();
        let outcome = self.eval_if_arms(cond, then, otherwise, expected);
        self.frame_mut().variables.truncate(depth);
        outcome
    }

    fn eval_if_arms(
        &mut self,
        cond: &Expr,
        then: &Block,
        otherwise: Option<&Expr>,
        expected: Option<Ty>,
    ) -> Eval {
        let pending = self.pending();
        let decided = self.eval_cond(cond)?;
        let attempts = self.take_pending(pending);
        let symbol = match decided {
            Cond::Known(true) => {
                self.leave_open(attempts);
                self.expected = expected;
                return self.eval_block(then);
            }
            Cond::Known(false) => {
                self.leave_open(attempts);
                self.expected = expected;
                return otherwise.map_or(Ok(Value::Unit), |expr| self.eval(expr));
            }
            Cond::Symbol { name, negated } => Some((name, negated)),
            Cond::Unknown => None,
        };
        let assume = |value: bool| {
            symbol
                .as_ref()
                .map(|(name, negated)| (name.clone(), value != *negated))
        };
        let branch = self.log.branches.len() as u32;
        let outcome = self.branch(vec![
            (
                assume(true),
                Box::new(|machine: &mut Machine<'p>| {
                    machine.expected = expected.clone();
                    machine.eval_block(then)
                }),
            ),
            (
                assume(false),
                Box::new(|machine: &mut Machine<'p>| {
                    machine.expected = expected.clone();
                    otherwise.map_or(Ok(Value::Unit), |expr| machine.eval(expr))
                }),
            ),
        ]);
        match asks_for(cond) {
            Some(there) => {
                let arm = u32::from(!there);
                self.allow_in(&attempts, Condition { branch, arm });
            }
            None => self.leave_open(attempts),
        }
        outcome
    }

    fn eval_range(&mut self, low: Option<&Expr>, high: Option<&Expr>, inclusive: bool) -> Eval {
        let low = match low {
            Some(expr) => self.eval(expr)?,
            None => Value::known(0),
        };
        let high = match high {
            Some(expr) => Some(self.eval(expr)?),
            None => None,
        };
        if let Value::Text(low) = self.deref(&low) {
            let high = high.map(|high| self.display(&high));
            return Ok(characters(&low, high.as_ref(), inclusive));
        }
        let low = self.number(&low);
        let high = high.map(|high| self.number(&high));
        Ok(Value::Range(Rc::new(RangeValue {
            low,
            high,
            inclusive,
        })))
    }

    /// The value as an integer, by name if it is not known.
    pub fn number(&mut self, value: &Value) -> Num {
        match self.deref(value) {
            Value::Int(num) => num,
            Value::Unknown(unknown) => {
                Num::Named(unknown.name.clone().unwrap_or_else(|| "?".into()))
            }
            _ => Num::named("?"),
        }
    }

    pub fn closure(&mut self, closure: &std::sync::Arc<Closure>) -> Value {
        let frame = self.frame();
        Value::Closure(Rc::new(ClosureValue {
            closure: closure.clone(),
            variables: frame.variables.clone(),
            scope: frame.scope,
            generics: frame.generics.clone(),
            self_ty: frame.self_ty.clone(),
        }))
    }

    pub fn assign(&mut self, target: &Expr, value: Value) -> Result<(), Exit> {
        match &target.kind {
            ExprKind::Tuple(parts) => {
                for (index, part) in parts.iter().enumerate() {
                    let piece = self.member_of(&value, Member::Index(index as u32));
                    self.assign(part, piece)?;
                }
            }
            ExprKind::Field(base, Member::Named(name))
                if name == "group" && self.is_variable_of_store(base)? => {}
            ExprKind::Unary(UnaryOp::Deref, inner)
                if matches!(&inner.kind, ExprKind::MethodCall(_) | ExprKind::Call(..)) =>
            {
                if let Value::Ref(place) = self.eval(inner)? {
                    let value = self.owned(&value);
                    self.write_place(&place, value);
                }
            }
            _ => {
                if let Some(place) = self.place_of(target)? {
                    // What is assigned is kept as a value: a reference could lead back to this very place.
                    let value = match self.kept(&value) {
                        cell @ Value::Ref(_) => cell,
                        value => self.owned(&value),
                    };
                    self.write_place(&place, value);
                }
            }
        }
        Ok(())
    }

    /// tch's `variable.group = ..`, which divides what an optimizer built later will train.
    fn is_variable_of_store(&mut self, base: &Expr) -> Result<bool, Exit> {
        let value = self.eval(base)?;
        Ok(match self.deref(&value) {
            Value::Store(store) => {
                self.record_split(Some(store), None, base.span);
                true
            }
            Value::Vars(vars) => {
                vars.stores
                    .iter()
                    .for_each(|store| self.record_split(Some(*store), None, base.span));
                true
            }
            _ => false,
        })
    }
}

/// `'a'..='z'`
fn characters(low: &Text, high: Option<&Text>, inclusive: bool) -> Value {
    let single = |text: &Text| {
        let mut chars = text.known()?.chars();
        chars.next().filter(|_| chars.next().is_none())
    };
    let Some(low) = single(low) else {
        return Value::unknown();
    };
    let last = match high.map(single) {
        None => char::MAX,
        Some(Some(high)) => high,
        Some(None) => return Value::unknown(),
    };
    let letters = (low..=last).filter(|c| inclusive || high.is_none() || *c != last);
    // As many as an iterator may have, and one more.
    let letters = letters.take(MAX_UNROLLED as usize + 1);
    let letter = |c: char| Item::One(Value::text(c.encode_utf8(&mut [0; 4])));
    Value::list(letters.map(letter).collect())
}

/// Whether a condition is met by a request that was granted, or by one that was denied.
fn asks_for(cond: &Expr) -> Option<bool> {
    match &cond.kind {
        ExprKind::Let(pat, _) => Some(!wants_error(pat)),
        ExprKind::MethodCall(call) => match call.method.name.as_str() {
            "is_ok" => Some(true),
            "is_err" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

fn literal(lit: &Lit) -> Value {
    match lit {
        Lit::Int(value) => Value::known(*value),
        Lit::Float(value) => Value::Float(Some(Real::literal(*value))),
        Lit::Bytes(bytes) => Value::list(
            bytes
                .iter()
                .map(|byte| Item::One(Value::known(i128::from(*byte))))
                .collect(),
        ),
        Lit::Str(text) => Value::text(text),
        Lit::Char(c) => Value::text(c.encode_utf8(&mut [0; 4])),
        Lit::Bool(value) => Value::Bool(Cond::Known(*value)),
        Lit::Other => Value::unknown(),
    }
}
