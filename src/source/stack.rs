//! Threads whose stacks are big enough for recursion over deeply nested code.

use std::cell::Cell;
use std::panic::resume_unwind;
use std::sync::LazyLock;

/// Bytes of stack of each such thread; only what is used takes memory.
const STACK: usize = 256 << 20;

thread_local! {
    static IS_BIG: Cell<bool> = const { Cell::new(false) };
}

static POOL: LazyLock<Option<rayon::ThreadPool>> = LazyLock::new(|| {
    rayon::ThreadPoolBuilder::new()
        .stack_size(STACK)
        .start_handler(|_| IS_BIG.set(true))
        .build()
        .ok()
});

/// Runs `work` in the pool of threads with big stacks; rayon's parallel iterators inside use the same pool.
///
/// The whole analysis belongs inside one such call: what is called from elsewhere pays for a thread of its own.
pub fn with_big_stack<R: Send>(work: impl FnOnce() -> R + Send) -> R {
    match POOL.as_ref() {
        Some(pool) if !IS_BIG.get() => pool.install(work),
        _ => work(),
    }
}

/// Runs `work` here if this thread's stack is big, else on a fresh thread, without letting other work in between.
pub(crate) fn on_big_stack<R: Send>(work: impl FnOnce() -> R + Send) -> Option<R> {
    if IS_BIG.get() {
        return Some(work());
    }
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, || {
                IS_BIG.set(true);
                work()
            })
            .ok()?;
        Some(thread.join().unwrap_or_else(|panic| resume_unwind(panic)))
    })
}
