//! Loops whose rounds are not counted: one round stands for all, and what a round changes is known only as far as it holds in each.

use std::rc::Rc;

use super::growth::Growth;
use super::loops::Round;
use super::machine::{Exit, Machine};
use super::num::{IndexId, Num};
use super::text::{Part, Text};
use super::value::{Builder, Slot, StructValue, Value};
use crate::source::Span;

/// The first rounds run apart are at most these many.
const MAX_PEELED: i128 = 8;

/// A loop's body, or a closure that is called for each element.
pub type Body<'a, 'p> = &'a dyn Fn(&mut Machine<'p>, &Value) -> Result<Round, Exit>;

/// A round and the value that it is given.
#[derive(Clone, Copy)]
pub struct Repeated<'a, 'p> {
    pub run: Body<'a, 'p>,
    pub span: Span,
    pub index: IndexId,
    pub element: &'a Value,
}

/// What a rehearsal of a round showed.
pub enum Rehearsal {
    /// The rounds up to this index differ from the others.
    Peel(i128),
    /// The round ended before its end.
    Left,
    /// These variables changed, from what to what.
    Changed(Vec<(Slot, Value, Value)>),
}

impl<'p> Machine<'p> {
    /// One round that stands for all: variables that a round changes are found first, and then not taken for known.
    pub fn repeated_round(&mut self, repeated: Repeated<'_, 'p>) -> Result<(), Exit> {
        let changed = match self.rehearse(repeated) {
            Rehearsal::Peel(last) => return self.peeled(repeated, last),
            Rehearsal::Left => Vec::new(),
            Rehearsal::Changed(changed) => changed,
        };
        self.general_round(repeated, changed)
    }

    /// The round that stands for all, after a rehearsal.
    pub fn general_round(
        &mut self,
        repeated: Repeated<'_, 'p>,
        changed: Vec<(Slot, Value, Value)>,
    ) -> Result<(), Exit> {
        let slots: Vec<Slot> = changed.iter().map(|(slot, ..)| *slot).collect();
        let growing = self.growing.len();
        self.growing.extend(
            changed
                .iter()
                .filter_map(|(_, before, after)| Growth::seen(before, after, repeated.index)),
        );
        self.widen_all(repeated, changed);
        self.loops.push(repeated.index);
        let outcome = (repeated.run)(self, repeated.element);
        self.loops.pop();
        self.growing.truncate(growing);
        for slot in slots {
            let value = self.read_slot(slot);
            if let Some(last) = self.after_rounds(&value, repeated.index) {
                self.write_slot(slot, last);
            }
        }
        outcome.map(|_| ())
    }

    /// Runs a round only to see what it does.
    pub fn rehearse(&mut self, repeated: Repeated<'_, 'p>) -> Rehearsal {
        let marks = self.log.mark();
        let wanted = self.wanted_peel.take();
        let next_module = self.next_module;
        self.open_branches += 1;
        let mark = self.trail.len();
        self.loops.push(repeated.index);
        let conditions = self.conditions.len();
        let returns = self.frame().returns.len();
        let sticky = self.frame().sticky.len();
        let outcome = (repeated.run)(self, repeated.element);
        self.loops.pop();
        self.conditions.truncate(conditions);
        self.frame_mut().returns.truncate(returns);
        self.frame_mut().sticky.truncate(sticky);
        let changed = self.undo(mark);
        self.open_branches -= 1;
        self.log.reset(marks);
        self.next_module = next_module;
        let low = self.indices[repeated.index.0 as usize].low;
        let peel = self
            .wanted_peel
            .take()
            .filter(|(at, last)| *at == repeated.index && (low..low + MAX_PEELED).contains(last));
        self.wanted_peel = wanted;
        match (peel, outcome) {
            (Some((_, last)), _) => Rehearsal::Peel(last),
            (None, Err(_)) => Rehearsal::Left,
            (None, Ok(_)) => Rehearsal::Changed(changed),
        }
    }

    /// Makes each changed variable what it may be at the start of any round; that a counter counts evenly is seen in a second rehearsal.
    fn widen_all(&mut self, repeated: Repeated<'_, 'p>, changed: Vec<(Slot, Value, Value)>) {
        let info = self.indices[repeated.index.0 as usize].clone();
        let start = (!info.descending).then_some(info.low);
        let mut guesses = Vec::new();
        for (slot, before, after) in changed {
            if let Some(widened) = widen(&before, &after, repeated.index, start) {
                self.write_slot(slot, widened.clone());
                guesses.push((slot, widened));
            }
        }
        guesses.retain(|(_, guess)| follows(guess, repeated.index));
        if guesses.is_empty() {
            return;
        }
        let Rehearsal::Changed(changed) = self.rehearse(repeated) else {
            return;
        };
        for (slot, guess) in guesses {
            let after = changed
                .iter()
                .find(|(known, ..)| *known == slot)
                .map_or(&guess, |(_, _, after)| after);
            if let Some(checked) = checked(&guess, after, repeated.index) {
                self.write_slot(slot, checked);
            }
        }
    }

    /// The first rounds one by one, the others as one.
    fn peeled(&mut self, repeated: Repeated<'_, 'p>, last: i128) -> Result<(), Exit> {
        let Repeated {
            run,
            span,
            index,
            element,
        } = repeated;
        let info = self.indices[index.0 as usize].clone();
        for number in info.low..=last {
            let Some(value) = super::substitute::substitute(element, index, &Num::Known(number))
            else {
                self.opaque(
                    span,
                    "a loop whose first rounds differ is not followed".into(),
                );
                return Ok(());
            };
            if run(self, &value)?.is_last() {
                return Ok(());
            }
        }
        let rest = self.later_index(index, last);
        match super::substitute::substitute(element, index, &Num::index(rest)) {
            Some(element) => self.repeated_round(Repeated {
                index: rest,
                element: &element,
                ..repeated
            }),
            None => Ok(()),
        }
    }

    /// An index for the rounds after `last`.
    pub fn later_index(&mut self, index: IndexId, last: i128) -> IndexId {
        let info = self.indices[index.0 as usize].clone();
        let count = info.count.sub(&Num::Known(last + 1 - info.low));
        let rest = self.fresh_index(&info.name, last + 1, count);
        let new = &mut self.indices[rest.0 as usize];
        new.high = info.high;
        new.descending = info.descending;
        rest
    }

    /// What a variable holds after the last round, where it followed the index; None where it didn't.
    fn after_rounds(&self, value: &Value, index: IndexId) -> Option<Value> {
        match value {
            Value::Int(num) => self.last_number(num, index).map(Value::Int),
            Value::Text(text) => self.last_text(text, index).map(Value::Text),
            Value::Builder(builder) => {
                let prefix = self.last_text(&builder.prefix, index)?;
                Some(Value::Builder(Rc::new(Builder {
                    prefix,
                    ..(**builder).clone()
                })))
            }
            Value::Struct(fields) => {
                let mut new = (**fields).clone();
                let mut follows = false;
                for (_, field) in &mut new.fields {
                    if let Some(last) = self.after_rounds(field, index) {
                        *field = last;
                        follows = true;
                    }
                }
                follows.then(|| Value::Struct(Rc::new(new)))
            }
            _ => None,
        }
    }

    fn last_number(&self, num: &Num, over: IndexId) -> Option<Num> {
        match num {
            Num::Affine {
                index,
                scale,
                offset,
            } if *index == over => {
                let info = &self.indices[over.0 as usize];
                let start = Num::Known(scale * (info.low - 1) + offset);
                Some(info.count.mul(&Num::Known(*scale)).add(&start))
            }
            Num::Named(name) => {
                let last = self.last_number(&Num::index(over), over)?;
                let renamed = super::symbol::substitute(name, over, &last);
                (renamed != *name).then_some(Num::Named(renamed))
            }
            _ => None,
        }
    }

    fn last_text(&self, text: &Text, over: IndexId) -> Option<Text> {
        if !text.indices().any(|index| index == over) {
            return None;
        }
        let mut last = Text::default();
        for part in text.parts() {
            match part {
                Part::Index {
                    index,
                    scale,
                    offset,
                } => {
                    let num = Num::Affine {
                        index: *index,
                        scale: *scale,
                        offset: *offset,
                    };
                    last.append(&Text::of_num(&self.last_number(&num, over).unwrap_or(num)));
                }
                other => last.push(other.clone()),
            }
        }
        Some(last)
    }

    /// Takes cells back to `mark`, and tells what each was and had become.
    pub(super) fn undo(&mut self, mark: usize) -> Vec<(Slot, Value, Value)> {
        let mut changes: Vec<(Slot, Value, Value)> = Vec::new();
        while self.trail.len() > mark {
            let Some((slot, old)) = self.trail.pop() else {
                break;
            };
            let new = std::mem::replace(&mut self.heap[slot.0 as usize], old.clone());
            match changes.iter_mut().find(|(known, ..)| *known == slot) {
                Some((_, before, _)) => *before = old,
                None => changes.push((slot, old, new)),
            }
        }
        changes
    }
}

/// What a variable may be at the start of any round, given how the first changed it. None: it needs no widening.
/// `low` is the index of the first round, if the index tells how many have been.
pub fn widen(before: &Value, after: &Value, index: IndexId, low: Option<i128>) -> Option<Value> {
    match (before, after) {
        (Value::List(a), Value::List(b)) if b.items.len() >= a.items.len() => None,
        (Value::Container(a), Value::Container(b)) if a.id == b.id => None,
        (Value::Int(a), Value::Int(b)) => {
            Some(Value::Int(match (b.sub(a).known(), low) {
                // A counter: it follows the index.
                (Some(step), Some(low)) => Num::index(index)
                    .sub(&Num::Known(low))
                    .mul(&Num::Known(step))
                    .add(a),
                _ => Num::named("?"),
            }))
        }
        (Value::Tensor(_), Value::Tensor(_)) => None,
        (Value::Struct(a), Value::Struct(b))
            if a.def == b.def && a.fields.len() == b.fields.len() =>
        {
            let mut fields = a.fields.clone();
            let mut widened = false;
            for ((_, field), (_, after)) in fields.iter_mut().zip(&b.fields) {
                if !field.same(after)
                    && let Some(wide) = widen(field, after, index, low)
                {
                    *field = wide;
                    widened = true;
                }
            }
            widened.then(|| {
                Value::Struct(Rc::new(StructValue {
                    fields,
                    ..(**a).clone()
                }))
            })
        }
        (Value::Struct(_), Value::Struct(_)) => None,
        (Value::Builder(a), Value::Builder(b)) if a.prefix != b.prefix => {
            Some(Value::Builder(Rc::new(Builder {
                lost: Some("the prefix is changed in a loop whose rounds are not counted"),
                ..(**a).clone()
            })))
        }
        (Value::Builder(_), Value::Builder(_)) => None,
        (Value::Float(_), _) => Some(Value::Float(None)),
        (Value::Bool(_), _) => Some(Value::Bool(super::value::Cond::Unknown)),
        (Value::Text(_), Value::Text(_)) => {
            Some(Value::Text(Text::hole("a string that a loop changes")))
        }
        _ => Some(super::branch::join(before.clone(), after.clone())),
    }
}

/// True if a part of the value is guessed to follow the index.
fn follows(value: &Value, over: IndexId) -> bool {
    match value {
        Value::Int(Num::Affine { index, .. }) => *index == over,
        Value::Struct(fields) => fields.fields.iter().any(|(_, value)| follows(value, over)),
        _ => false,
    }
}

/// The guess without the counters that don't count evenly: one round must take each to its value for the next index. None: the guess holds.
fn checked(guess: &Value, after: &Value, over: IndexId) -> Option<Value> {
    match (guess, after) {
        (Value::Int(Num::Affine { index, scale, .. }), after) if *index == over => {
            let next = match guess {
                Value::Int(num) => num.add(&Num::Known(*scale)),
                _ => return None,
            };
            let holds = matches!(after, Value::Int(num) if *num == next);
            (!holds).then(|| Value::Int(Num::named("?")))
        }
        (Value::Struct(fields), Value::Struct(after)) => {
            let mut new = (**fields).clone();
            let mut wrong = false;
            for ((_, field), (_, after)) in new.fields.iter_mut().zip(&after.fields) {
                if let Some(wide) = checked(field, after, over) {
                    *field = wide;
                    wrong = true;
                }
            }
            wrong.then(|| Value::Struct(Rc::new(new)))
        }
        _ => None,
    }
}
