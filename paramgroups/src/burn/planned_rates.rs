//! A plan's rates, as burn's schedulers give them.

use std::sync::Arc;

use burn::lr_scheduler::{LrScheduler, LrSchedulerRecord};
use burn::optim::LearningRate;

use crate::plan::Plan;

const TAKEN: &str = "taken";

/// The rates of one group over one phase of a plan; the last one stays when they run out.
#[derive(Clone)]
pub(super) struct PlannedRates {
    rates: Arc<[f64]>,
    taken: usize,
}

impl PlannedRates {
    /// The rates of each group over a phase.
    pub(super) fn of_phase(plan: &Plan, phase: usize) -> Vec<Self> {
        let mut rates = vec![Vec::with_capacity(plan.phase_len(phase)); plan.groups()];
        for step in plan.steps().filter(|step| step.phase() == phase) {
            for (rates, rate) in rates.iter_mut().zip(step.learning_rates()) {
                rates.push(rate);
            }
        }
        rates
            .into_iter()
            .map(|rates| Self {
                rates: rates.into(),
                taken: 0,
            })
            .collect()
    }
}

impl LrScheduler for PlannedRates {
    fn step(&mut self) -> LearningRate {
        let rate = self.rates.get(self.taken).or(self.rates.last());
        self.taken = (self.taken + 1).min(self.rates.len());
        rate.copied().unwrap_or(0.0)
    }

    fn to_record(&self) -> LrSchedulerRecord {
        LrSchedulerRecord::new().with_scalar(TAKEN, self.taken)
    }

    fn load_record(&mut self, record: LrSchedulerRecord) {
        if let Some(taken) = record.scalar::<usize>(TAKEN) {
            self.taken = taken.min(self.rates.len());
        }
    }
}
