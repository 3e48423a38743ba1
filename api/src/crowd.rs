//! Who holds connections open: how many at once, in all and from one network.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use prometheus_client::metrics::gauge::Gauge;

use crate::identity::Network;

/// Connections that are served at once, besides WebSockets, which have a limit of their own; more wait in the system's queue until one ends.
pub(crate) const CONNECTIONS_MAX: usize = 8_192;
/// Connections of one network at once; one more is closed as it comes. This machine, and a proxy that is trusted, speak for many and have no such limit.
pub(crate) const PER_NETWORK_MAX: u32 = 1_024;

/// Counts open connections. A copy counts into the same book.
#[derive(Clone, Debug, Default)]
pub(crate) struct Crowd(Arc<Mutex<Book>>);

#[derive(Debug, Default)]
struct Book {
    all: i64,
    each: HashMap<Network, u32>,
    /// Where the count is shown, once there is a place.
    shown: Option<Gauge>,
    /// Whether those who connect are a proxy's.
    proxied: bool,
}

impl Book {
    fn change(&mut self, by: i64) {
        self.all += by;
        if let Some(gauge) = &self.shown {
            gauge.set(self.all);
        }
    }
}

/// A connection's place; free again when it is dropped.
#[derive(Debug)]
pub(crate) struct Visit {
    crowd: Crowd,
    network: Network,
}

impl Crowd {
    /// Shows the count from now on, and says whether a trusted proxy stands in front.
    pub(crate) fn show(&self, gauge: &Gauge, proxied: bool) {
        self.with(|book| {
            book.shown = Some(gauge.clone());
            book.proxied = proxied;
            book.change(0);
        });
    }

    /// A place for one more connection; `None` where its network has as many as it may.
    pub(crate) fn enter(&self, peer: IpAddr) -> Option<Visit> {
        let network = Network::from(peer);
        self.with(|book| {
            let held = book.each.entry(network).or_default();
            if *held >= PER_NETWORK_MAX && !book.proxied && !network.is_loopback() {
                return None;
            }
            *held += 1;
            book.change(1);
            Some(Visit {
                crowd: self.clone(),
                network,
            })
        })
    }

    fn with<T>(&self, work: impl FnOnce(&mut Book) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        let network = self.network;
        self.crowd.with(|book| {
            book.change(-1);
            let held = book.each.get_mut(&network);
            if held.is_some_and(|held| {
                *held -= 1;
                *held == 0
            }) {
                book.each.remove(&network);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(crowd: &Crowd, peer: &str) -> Vec<Visit> {
        let peer: IpAddr = peer.parse().expect("an address");
        let more = (0..=PER_NETWORK_MAX).map_while(|_| crowd.enter(peer));
        more.collect()
    }

    #[test]
    fn a_network_has_so_many_connections_and_others_have_theirs() {
        let crowd = Crowd::default();
        let gauge = Gauge::default();
        crowd.show(&gauge, false);
        let mut visits = fill(&crowd, "192.0.2.1");
        assert_eq!(visits.len(), PER_NETWORK_MAX as usize);
        assert!(
            crowd
                .enter("192.0.2.2".parse().expect("it is one"))
                .is_some()
        );
        visits.pop();
        assert_eq!(gauge.get(), i64::from(PER_NETWORK_MAX) - 1);
        let again = crowd.enter("192.0.2.1".parse().expect("it is one"));
        assert!(again.is_some(), "a place is free again");
        drop((visits, again));
        assert_eq!(gauge.get(), 0);
        assert!(crowd.with(|book| book.each.is_empty()));
    }

    #[test]
    fn this_machine_and_a_proxy_speak_for_many() {
        let (crowd, many) = (Crowd::default(), PER_NETWORK_MAX as usize + 1);
        assert_eq!(fill(&crowd, "127.0.0.1").len(), many);
        crowd.show(&Gauge::default(), true);
        assert_eq!(fill(&crowd, "192.0.2.1").len(), many);
    }
}
