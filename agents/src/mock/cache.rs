//! The prefix cache of a server: which prompts' beginnings it has read lately.

use std::collections::HashMap;

/// Least recently used prefixes give way.
#[derive(Debug)]
pub(super) struct PrefixCache {
    most: usize,
    clock: u64,
    used: HashMap<u64, u64>,
}

impl PrefixCache {
    pub(super) fn new(most: usize) -> Self {
        Self {
            most,
            clock: 0,
            used: HashMap::new(),
        }
    }

    /// Reads a prefix. Says whether it was there.
    pub(super) fn read(&mut self, prefix: u64) -> bool {
        if self.most == 0 {
            return false;
        }
        self.clock += 1;
        if let Some(used) = self.used.get_mut(&prefix) {
            *used = self.clock;
            return true;
        }
        if self.used.len() >= self.most {
            let oldest = self.used.iter().min_by_key(|(_, used)| **used);
            if let Some(oldest) = oldest.map(|(&prefix, _)| prefix) {
                self.used.remove(&oldest);
            }
        }
        self.used.insert(prefix, self.clock);
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_recently_used_gives_way() {
        let mut cache = PrefixCache::new(2);
        assert!(!cache.read(1) && !cache.read(2));
        assert!(cache.read(1));
        assert!(!cache.read(3), "2 gives way");
        assert!(cache.read(1) && !cache.read(2));
    }

    #[test]
    fn no_room_no_hits() {
        let mut cache = PrefixCache::new(0);
        assert!(!cache.read(1) && !cache.read(1));
    }
}
