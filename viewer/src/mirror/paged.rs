//! Lists that come page by page, newest first: the beginning is asked for again and again, the rest when somebody wants it.

use hamlet_protocol::ids::AgentId;
use uuid::Uuid;

use crate::wire::{
    AccountShape, AuditEntry, CaseShape, DepositShape, LedgerEntry, MeasureShape, NoticeShape,
    TaskChatShape, TaskMessageShape,
};

/// Entries of a list that are kept; beyond it there is no further page.
pub(crate) const PAGED_MAX: usize = 5_000;

/// Something that a list has once.
pub(crate) trait Keyed {
    /// By what it is known.
    type Key: PartialEq;

    /// Its key.
    fn key(&self) -> Self::Key;
}

/// A list as far as it has come.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Paged<T> {
    pub(crate) items: Vec<T>,
    /// Where the next page begins; `None`: there is none.
    pub(crate) next: Option<String>,
}

impl<T> Default for Paged<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            next: None,
        }
    }
}

#[cfg(test)]
impl<T> From<Vec<T>> for Paged<T> {
    fn from(items: Vec<T>) -> Self {
        Self { items, next: None }
    }
}

impl<T: Keyed> Paged<T> {
    /// Takes in the first page anew: what had come of further pages stays, where the pages still meet.
    pub(crate) fn renew(list: &mut Option<Self>, items: Vec<T>, next: Option<String>) {
        let Some(old) = list.as_mut() else {
            *list = Some(Self { items, next });
            return;
        };
        let last = items.last().map(Keyed::key);
        let met = last.and_then(|last| old.items.iter().position(|it| it.key() == last));
        let rest = met.map(|at| old.items.split_off(at + 1));
        match rest.filter(|it| !it.is_empty()) {
            Some(rest) => {
                old.items = items;
                old.append(rest);
            }
            None => *old = Self { items, next },
        }
    }

    /// Takes in the page that began at this cursor.
    pub(crate) fn go_on(&mut self, cursor: &str, items: Vec<T>, next: Option<String>) {
        if self.next.as_deref() != Some(cursor) {
            return;
        }
        self.next = next;
        self.append(items);
    }

    fn append(&mut self, items: Vec<T>) {
        for item in items {
            if self.items.len() >= PAGED_MAX {
                self.next = None;
                return;
            }
            if self.items.iter().all(|it| it.key() != item.key()) {
                self.items.push(item);
            }
        }
    }
}

macro_rules! keyed {
    ($($shape:ty, $key:ty, $field:ident;)*) => {$(
        impl Keyed for $shape {
            type Key = $key;

            fn key(&self) -> Self::Key {
                self.$field.clone()
            }
        }
    )*};
}

keyed! {
    CaseShape, Uuid, id;
    MeasureShape, Uuid, id;
    AuditEntry, i64, no;
    AccountShape, Uuid, id;
    NoticeShape, Uuid, id;
    LedgerEntry, u64, no;
    DepositShape, String, paypal_txn_id;
    TaskChatShape, Uuid, id;
    TaskMessageShape, i64, no;
}

/// Which entries of somebody's ledger.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LedgerQuery {
    pub(crate) agent: AgentId,
    pub(crate) filter: LedgerFilter,
}

/// Which entries of a ledger the village is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LedgerFilter {
    /// What for; `None`: everything.
    pub(crate) code: Option<&'static str>,
    /// From this moment on, RFC 3339; `None`: since ever.
    pub(crate) since: Option<String>,
    /// How far back that is, in words.
    pub(crate) span: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(no: u64) -> LedgerEntry {
        LedgerEntry {
            no,
            ..LedgerEntry::default()
        }
    }

    fn numbers(list: Option<&Paged<LedgerEntry>>) -> Vec<u64> {
        let items = list.map_or(&[][..], |it| &it.items);
        items.iter().map(|it| it.no).collect()
    }

    fn page(numbers: std::ops::Range<u64>) -> Vec<LedgerEntry> {
        numbers.rev().map(entry).collect()
    }

    #[test]
    fn further_pages_stay_when_the_first_comes_anew() {
        let mut list = None;
        Paged::renew(&mut list, page(6..9), Some("a".to_owned()));
        let open = list.as_mut().expect("it has come");
        open.go_on("a", page(3..6), Some("b".to_owned()));
        open.go_on("a", page(0..3), None);
        assert_eq!(open.next.as_deref(), Some("b"), "a page comes once");
        Paged::renew(&mut list, page(7..10), Some("c".to_owned()));
        assert_eq!(numbers(list.as_ref()), [9, 8, 7, 6, 5, 4, 3]);
        let next = list.as_ref().and_then(|it| it.next.as_deref());
        assert_eq!(next, Some("b"));
    }

    #[test]
    fn a_list_that_no_longer_meets_begins_anew() {
        let mut list = None;
        Paged::renew(&mut list, page(0..3), Some("a".to_owned()));
        Paged::renew(&mut list, page(90..93), Some("b".to_owned()));
        assert_eq!(numbers(list.as_ref()), [92, 91, 90]);
        Paged::renew(&mut list, Vec::new(), None);
        assert!(numbers(list.as_ref()).is_empty());
    }

    #[test]
    fn a_list_has_an_end() {
        let mut list = Paged {
            items: Vec::new(),
            next: Some("0".to_owned()),
        };
        for no in 0..60_u64 {
            let cursor = no.to_string();
            let next = Some((no + 1).to_string());
            list.go_on(&cursor, page(no * 100..no * 100 + 100), next);
        }
        assert_eq!((list.items.len(), list.next), (PAGED_MAX, None));
    }
}
