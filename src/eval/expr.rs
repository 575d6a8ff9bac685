//! Expressions.

use std::rc::Rc;

use super::machine::{Eval, Exit, MAX_UNROLLED, Machine};
use super::num::Num;
use super::real::Real;
use super::text::Text;
use super::ty::Ty;
use super::value::{ClosureValue, Cond, Item, List, Place, RangeValue, Value};
use crate::program::hir::{BinaryOp, Closure, Expr, ExprKind, Lit, UnaryOp};
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
