//! Child processes with what they cost.

use std::io::{self, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// What a process printed, how it ended and what it took.
pub struct Finished {
    pub status: ExitStatus,
    pub stdout: Vec<u8>,
    pub stderr: String,
    pub wall: Duration,
    /// The largest resident size in bytes, where the system tells.
    pub peak: Option<u64>,
}

/// Runs a command to its end.
pub fn run(command: &mut Command) -> io::Result<Finished> {
    let start = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let errors = child.stderr.take();
    let complaints = thread::spawn(move || {
        let mut text = Vec::new();
        errors.map(|mut errors| errors.read_to_end(&mut text));
        String::from_utf8_lossy(&text).into_owned()
    });
    let mut stdout = Vec::new();
    if let Some(mut out) = child.stdout.take() {
        out.read_to_end(&mut stdout)?;
    }
    let stderr = complaints.join().unwrap_or_default();
    let (status, peak) = wait(child)?;
    Ok(Finished {
        status,
        stdout,
        stderr,
        wall: start.elapsed(),
        peak,
    })
}

/// Waits with `wait4`, which gives the usage of exactly this child.
#[cfg(unix)]
fn wait(child: Child) -> io::Result<(ExitStatus, Option<u64>)> {
    use std::mem::MaybeUninit;
    use std::os::unix::process::ExitStatusExt;

    let pid = libc::pid_t::try_from(child.id()).map_err(io::Error::other)?;
    let mut status = 0;
    let mut usage = MaybeUninit::<libc::rusage>::zeroed();
    let usage = loop {
        // SAFETY: both pointers are to locals that live through the call; all zeroes is a valid `rusage`.
        let ended = unsafe { libc::wait4(pid, &mut status, 0, usage.as_mut_ptr()) };
        if ended == pid {
            // SAFETY: it was zeroed, and then written by the call.
            break unsafe { usage.assume_init() };
        }
        let error = io::Error::last_os_error();
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    };
    // Bytes on Apple's systems, KiB elsewhere.
    let unit = if cfg!(target_vendor = "apple") {
        1
    } else {
        1024
    };
    let peak = u64::try_from(usage.ru_maxrss).ok().map(|size| size * unit);
    Ok((ExitStatus::from_raw(status), peak))
}

#[cfg(not(unix))]
fn wait(mut child: Child) -> io::Result<(ExitStatus, Option<u64>)> {
    Ok((child.wait()?, None))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_process_ends_with_its_output_and_its_cost() {
        let finished =
            run(Command::new("sh").args(["-c", "echo out; echo err >&2; exit 3"])).unwrap();
        assert_eq!(finished.status.code(), Some(3));
        assert_eq!(finished.stdout, b"out\n");
        assert_eq!(finished.stderr, "err\n");
        assert!(finished.peak.unwrap() > 100_000);
    }

    #[test]
    fn a_large_output_on_both_streams_does_not_block() {
        let script = "i=0; while [ $i -lt 3000 ]; do echo 0123456789012345678901234567890123456789; echo 0123456789012345678901234567890123456789 >&2; i=$((i+1)); done";
        let finished = run(Command::new("sh").args(["-c", script])).unwrap();
        assert_eq!(finished.stdout.len(), finished.stderr.len());
        assert_eq!(finished.stdout.len(), 3000 * 41);
    }
}
