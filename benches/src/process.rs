//! What the system tells of a process: its memory and its processor time.

/// Parts of a second in which the system counts processor time for others to read: on Linux the same everywhere.
const TICKS_PER_SEC: f64 = 100.0;
/// Places of the time in a process's own code and in the system's, behind its name.
const OWN: usize = 11;
const SYSTEM: usize = 12;

/// This process, as the system's folder names it.
pub(crate) const SELF: &str = "self";

/// Bytes of memory that a process holds (`VmRSS:`), or held at most (`VmHWM:`), where the system tells; else 0.
pub(crate) fn memory(who: &str, field: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{who}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(field));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or(0) * 1024
}

/// Seconds of processor time that a process has had with all its threads; `None` where the system does not tell, or it is gone.
pub(crate) fn cpu_secs(who: &str) -> Option<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{who}/stat")).ok()?;
    // Its name stands in brackets, and may have any character in it.
    let (_, behind) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = behind.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at)?.parse::<f64>().ok();
    Some((ticks(OWN)? + ticks(SYSTEM)?) / TICKS_PER_SEC)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_has_memory_and_has_had_time() {
        assert!(memory(SELF, "VmRSS:") > 0);
        assert!(memory(SELF, "VmHWM:") >= memory(SELF, "VmRSS:") / 2);
        let before = cpu_secs(SELF).expect("a number");
        // Work until it shows: the system counts hundredths.
        let mut sum = 0_u64;
        while cpu_secs(SELF).expect("a number") <= before {
            sum = (0..100_000_u64).fold(sum, |sum, n| std::hint::black_box(sum ^ n));
        }
        assert_eq!(cpu_secs("no such process"), None);
        assert_eq!(memory("no such process", "VmRSS:"), 0);
    }
}
