//! How many sockets a key, a person or an address holds open.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::StatusCode;
use uuid::Uuid;

use crate::auth::Principal;
use crate::problem::Problem;

/// Sockets open at once, over all.
const SOCKETS_MAX: u32 = 20_000;

/// Who is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Holder {
    Key(Uuid),
    Account(Uuid),
    Address(IpAddr),
    /// Nobody in particular: loopback without a key is not limited.
    Loopback,
}

/// Counts open sockets.
#[derive(Clone, Debug)]
pub(super) struct Places {
    open: Arc<Mutex<Open>>,
    each_max: u32,
}

#[derive(Debug, Default)]
struct Open {
    all: u32,
    each: HashMap<Holder, u32>,
}

/// A socket's place; free again when it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    open: Arc<Mutex<Open>>,
    holder: Holder,
}

impl Places {
    /// At most so many for each.
    pub(super) fn new(each_max: u32) -> Self {
        Self {
            open: Arc::default(),
            each_max,
        }
    }

    /// How many sockets are open.
    pub(super) fn open(&self) -> u32 {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).all
    }

    /// A place for one more socket of whoever it is.
    ///
    /// # Errors
    /// 429 when they hold as many as they may, 503 when the server does.
    pub(super) fn take(&self, principal: &Principal, address: IpAddr) -> Result<Place, Problem> {
        let holder = match principal {
            Principal::Agent { key, .. } => Holder::Key(key.id),
            Principal::Person { account } => Holder::Account(account.id),
            Principal::Anonymous if address.is_loopback() => Holder::Loopback,
            Principal::Anonymous => Holder::Address(address),
        };
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.all >= SOCKETS_MAX {
            let detail = format!("{SOCKETS_MAX} sockets are open; this server bears no more.");
            return Err(Problem::unavailable("sockets_full", detail, 10));
        }
        let held = open.each.entry(holder).or_default();
        if *held >= self.each_max && holder != Holder::Loopback {
            let max = self.each_max;
            return Err(Problem::new(
                StatusCode::TOO_MANY_REQUESTS,
                "sockets_max",
                format!("More than {max} sockets of one key or address."),
                "Close one first; one socket carries everything of its kind.",
            )
            .retry_after(5));
        }
        *held += 1;
        open.all += 1;
        Ok(Place {
            open: Arc::clone(&self.open),
            holder,
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.all = open.all.saturating_sub(1);
        if let Some(held) = open.each.get_mut(&self.holder) {
            *held -= 1;
            if *held == 0 {
                open.each.remove(&self.holder);
            }
        }
    }
}
