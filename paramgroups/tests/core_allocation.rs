//! Planning a step allocates nothing.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use paramgroups::{ByModule, FineTune, Plan, Splitter};

struct Counting;

static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call is handed to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

#[test]
fn planning_a_step_allocates_nothing() {
    let paths = (0..24).map(|layer| format!("{layer}.weight"));
    let partition = ByModule::top_level().split(paths).unwrap();
    let plan = Plan::fine_tune(&partition, 2e-3, FineTune::new(3, 50)).unwrap();

    let before = ALLOCATIONS.load(Ordering::Relaxed);
    let mut sum = 0.0;
    for step in plan.steps() {
        for group in 0..step.groups() {
            sum += step.learning_rate(group) + step.momentum(group);
            sum += f64::from(u8::from(step.is_frozen(group)));
        }
        sum += step.learning_rates().sum::<f64>();
    }
    for step in plan.steps_from(123).unwrap() {
        sum += step.learning_rate(0);
    }
    let after = ALLOCATIONS.load(Ordering::Relaxed);

    assert!(sum.is_finite());
    assert_eq!(after - before, 0);
}
