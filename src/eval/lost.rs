//! Calls that are not followed, and what they may have done with their arguments.

use super::machine::Machine;
use super::ty::Ty;
use super::value::Value;
use crate::name::Name;
use crate::program::FnDef;
use crate::source::Span;

impl<'p> Machine<'p> {
    /// The declared result of a function that is not run.
    pub fn result_of(
        &mut self,
        function: &FnDef,
        generics: &[(Name, Ty)],
        self_ty: Option<&Ty>,
    ) -> Value {
        match &function.func.ret {
            Some(ret) => {
                let ty = self.resolve_ty_in(ret, function.module, generics, self_ty);
                self.symbolic(&ty, None)
            }
            None => Value::Unit,
        }
    }

    /// Arguments that can make parameters went where they can't be followed.
    pub fn lost_arguments(&mut self, args: &[Value], span: Span, what: &str) {
        if args.iter().any(|arg| self.can_make_parameters(arg)) {
            self.opaque(span, format!("parameters may be made in {what}"));
        }
        for arg in args {
            self.forget_data(arg);
        }
    }

    /// What code that is not followed was given `&mut` may be anything of its type by now.
    fn forget_data(&mut self, arg: &Value) {
        let Value::Ref(place) = arg else {
            return;
        };
        let value = self.read_place(place);
        if !value.holds_model() {
            let ty = self.ty_of(&value);
            self.write_place(place, Value::of_type(ty));
        }
    }

    /// True for a builder, a store, and what holds or captures one.
    pub fn can_make_parameters(&mut self, value: &Value) -> bool {
        let value = self.deref(value);
        let mut closures = Vec::new();
        let direct = value.any(|part| match part {
            Value::Builder(_) => true,
            Value::Closure(closure) => {
                closures.push(closure.clone());
                false
            }
            _ => false,
        });
        direct
            || closures.iter().any(|closure| {
                closure.variables.iter().any(|(name, slot)| {
                    matches!(self.heap[slot.0 as usize], Value::Builder(_))
                        && super::mentions::mentions(&closure.closure.body, *name)
                })
            })
    }
}
