//! Loops whose rounds are not counted: one round stands for all, and what a round changes is known only as far as it holds in each.

use std::rc::Rc;

use super::machine::{Exit, Machine};
use super::num::{IndexId, Num};
use super::text::{Part, Text};
use super::value::{Builder, Slot, StructValue, Value};
use crate::name::Name;
use crate::program::hir::{Block, Pat};

/// The first rounds run apart are at most these many.
const MAX_PEELED: i128 = 8;

/// A loop's body and the value that its pattern takes in each round.
#[derive(Clone, Copy)]
pub struct Repeated<'a> {
    pub body: &'a Block,
    pub label: Option<Name>,
    pub pat: &'a Pat,
    pub index: IndexId,
    pub element: &'a Value,
}

/// What a rehearsal of a round showed.
enum Rehearsal {
    /// The rounds up to this index differ from the others.
    Peel(i128),
    /// The round ended before its end.
    Left,
    /// It began as every round begins, and so it stands for all; these variables changed.
    Stands(Vec<Slot>),
    /// It is taken back: rounds begin with other values in these variables than it did.
    Differs {
        begins: Vec<(Slot, Value)>,
        changed: Vec<Slot>,
    },
}

/// What a round did to a variable: from what to what.
struct Change {
    slot: Slot,
    before: Value,
    after: Value,
}

impl<'p> Machine<'p> {
    /// One round that stands for all: variables that a round changes are found first, and then not taken for known.
    pub fn repeated_round(&mut self, repeated: Repeated<'_>) -> Result<(), Exit> {
        let info = self.indices[repeated.index.0 as usize].clone();
        let start = (!info.descending).then_some(info.low);
        let first = self.rehearse(repeated, |changes| {
            let begins = changes.iter().filter_map(|change| {
                let begin = begin(&change.before, &change.after, repeated.index, start)?;
                Some((change.slot, begin))
            });
            begins.collect()
        });
        let changed = match first {
            Rehearsal::Peel(last) => return self.peeled(repeated, last),
            Rehearsal::Left => Vec::new(),
            Rehearsal::Stands(changed) => {
                self.leave_rounds(&changed, repeated.index);
                return Ok(());
            }
            Rehearsal::Differs { begins, changed } => {
                if self.begin_rounds(repeated, begins) {
                    self.leave_rounds(&changed, repeated.index);
                    return Ok(());
                }
                changed
            }
        };
        self.loops.push(repeated.index);
        let outcome = self.round(
            repeated.body,
            repeated.label,
            Some((repeated.pat, repeated.element)),
        );
        self.loops.pop();
        self.leave_rounds(&changed, repeated.index);
        outcome.map(|_| ())
    }

    /// Gives variables the values that every round begins with; that a counter counts evenly is seen in a second rehearsal.
    /// True if that one stands for all rounds.
    fn begin_rounds(&mut self, repeated: Repeated<'_>, begins: Vec<(Slot, Value)>) -> bool {
        for (slot, value) in &begins {
            self.write_slot(*slot, value.clone());
        }
        let mut guesses = begins;
        guesses.retain(|(_, guess)| follows(guess, repeated.index));
        if guesses.is_empty() {
            return false;
        }
        let second = self.rehearse(repeated, |changes| {
            let wrong = guesses.iter().filter_map(|(slot, guess)| {
                let change = changes.iter().find(|change| change.slot == *slot);
                let after = change.map_or(guess, |change| &change.after);
                Some((*slot, checked(guess, after, repeated.index)?))
            });
            wrong.collect()
        });
        match second {
            Rehearsal::Stands(_) => return true,
            Rehearsal::Differs { begins, .. } => {
                for (slot, value) in begins {
                    self.write_slot(slot, value);
                }
            }
            Rehearsal::Peel(_) | Rehearsal::Left => {}
        }
        false
    }

    fn leave_rounds(&mut self, changed: &[Slot], index: IndexId) {
        for slot in changed {
            let value = self.read_slot(*slot);
            if let Some(last) = self.after_rounds(&value, index) {
                self.write_slot(*slot, last);
            }
        }
    }

    /// Runs a round to see what it does; `begins` tells with what variables begin in every round, if not as they were.
    fn rehearse(
        &mut self,
        repeated: Repeated<'_>,
        begins: impl FnOnce(&[Change]) -> Vec<(Slot, Value)>,
    ) -> Rehearsal {
        let marks = self.log.mark();
        let wanted = self.wanted_peel.take();
        let next_module = self.next_module;
        self.open_branches += 1;
        let mark = self.trail.len();
        let cells = self.heap.len();
        self.loops.push(repeated.index);
        let conditions = self.conditions.len();
        let returns = self.frame().returns.len();
        let sticky = self.frame().sticky.len();
        let outcome = self.round(
            repeated.body,
            repeated.label,
            Some((repeated.pat, repeated.element)),
        );
        self.loops.pop();
        self.open_branches -= 1;
        let low = self.indices[repeated.index.0 as usize].low;
        let wish = self.wanted_peel.take();
        let peel = wish
            .filter(|(at, last)| *at == repeated.index && (low..low + MAX_PEELED).contains(last));
        self.wanted_peel = wanted;
        let shown = match (peel, outcome) {
            (Some((_, last)), _) => Rehearsal::Peel(last),
            (None, Err(_)) => Rehearsal::Left,
            (None, Ok(_)) => {
                let changes = self.changes(mark, cells);
                let changed = changes.iter().map(|change| change.slot).collect();
                let begins = begins(&changes);
                if begins.is_empty() {
                    if let Some(wish) = wish.filter(|(at, _)| *at != repeated.index) {
                        self.wanted_peel = Some(wish);
                    }
                    if self.open_branches == 0 {
                        self.trail.truncate(mark);
                    }
                    return Rehearsal::Stands(changed);
                }
                Rehearsal::Differs { begins, changed }
            }
        };
        self.conditions.truncate(conditions);
        self.frame_mut().returns.truncate(returns);
        self.frame_mut().sticky.truncate(sticky);
        self.undo(mark);
        self.log.reset(marks);
        self.next_module = next_module;
        shown
    }

    /// The first rounds one by one, the others as one.
    fn peeled(&mut self, repeated: Repeated<'_>, last: i128) -> Result<(), Exit> {
        let Repeated {
            body,
            label,
            pat,
            index,
            element,
        } = repeated;
        let info = self.indices[index.0 as usize].clone();
        for number in info.low..=last {
            let Some(value) = super::substitute::substitute(element, index, &Num::Known(number))
            else {
                self.opaque(
                    body.span,
                    "a loop whose first rounds differ is not followed".into(),
                );
                return Ok(());
            };
            if self.round(body, label, Some((pat, &value)))?.is_last() {
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

    /// What became of the first `cells` cells since the trail had `mark` entries.
    fn changes(&self, mark: usize, cells: usize) -> Vec<Change> {
        let mut changes: Vec<Change> = Vec::new();
        for (slot, old) in &self.trail[mark..] {
            let is_new = slot.0 as usize >= cells;
            if !is_new && !changes.iter().any(|change| change.slot == *slot) {
                changes.push(Change {
                    slot: *slot,
                    before: old.clone(),
                    after: self.read_slot(*slot),
                });
            }
        }
        changes
    }

    /// Takes cells back to what they were when the trail had `mark` entries.
    fn undo(&mut self, mark: usize) {
        while self.trail.len() > mark {
            if let Some((slot, old)) = self.trail.pop() {
                self.heap[slot.0 as usize] = old;
            }
        }
    }
}

/// What a variable may be at the start of any round, given how the first changed it. None: what it was at the start of the first.
fn begin(before: &Value, after: &Value, index: IndexId, low: Option<i128>) -> Option<Value> {
    if before.same(after) || matches!(before, Value::Bool(super::value::Cond::Unknown)) {
        return None;
    }
    widen(before, after, index, low).filter(|begin| !begin.same(before))
}

/// A value that stands for both, or follows the index. None: it needs no widening.
/// `low` is the index of the first round, if the index tells how many have been.
fn widen(before: &Value, after: &Value, index: IndexId, low: Option<i128>) -> Option<Value> {
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
