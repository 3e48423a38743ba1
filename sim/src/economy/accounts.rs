//! What was spent and what came from outside, in pages: a view shares all that nobody wrote to since the last one.

use std::collections::BTreeMap;
use std::sync::Arc;

use hamlet_protocol::economy::image::{CostImage, DepositImage, Spending, SpentImage};
use hamlet_protocol::economy::view::Costs;
use hamlet_protocol::pages::Pages;
use uuid::Uuid;

/// Kinds of costs that are told apart; more are summed up as `other`.
const KINDS_MAX: usize = 200_000;

/// Who spent what, on what, since the beginning.
#[derive(Debug, Default)]
pub(crate) struct CostBook {
    by_agent: Pages<Arc<Costs>>,
    kinds: usize,
}

impl CostBook {
    pub(super) fn from_image(image: BTreeMap<(u32, String, String), CostImage>) -> Self {
        let mut book = Self::default();
        for ((no, purpose, model), cost) in image {
            book.change(no, (purpose, model), |it| *it = cost);
        }
        book
    }

    pub(super) fn image(&self) -> BTreeMap<(u32, String, String), CostImage> {
        let agents = (0u32..).zip(self.by_agent.iter());
        let costs = agents.flat_map(|(no, own)| own.iter().map(move |it| (no, it)));
        costs
            .map(|(no, ((purpose, model), &cost))| ((no, purpose.clone(), model.clone()), cost))
            .collect()
    }

    /// By agent number.
    pub(super) fn pages(&self) -> &Pages<Arc<Costs>> {
        &self.by_agent
    }

    /// Something was spent; what is one kind too many counts as `other`.
    pub(super) fn count(
        &mut self,
        no: u32,
        (purpose, model): (&str, &str),
        add: impl FnOnce(&mut CostImage),
    ) {
        let mut kind = (purpose.to_owned(), model.to_owned());
        let own = self.by_agent.get(no as usize);
        let is_known = own.is_some_and(|own| own.contains_key(&kind));
        if !is_known && self.kinds >= KINDS_MAX {
            kind = ("other".to_owned(), "other".to_owned());
        }
        self.change(no, kind, add);
    }

    fn change(&mut self, no: u32, kind: (String, String), change: impl FnOnce(&mut CostImage)) {
        let Some(own) = reach(&mut self.by_agent, no) else {
            return;
        };
        let own = Arc::make_mut(own);
        let before = own.len();
        change(own.entry(kind).or_default());
        self.kinds += own.len() - before;
    }
}

/// What was spent in the running hour and day.
#[derive(Debug, Default)]
pub(crate) struct SpentBook {
    by_agent: Pages<Spending>,
    pub(super) owners: BTreeMap<Uuid, Spending>,
    pub(super) village: Spending,
}

impl SpentBook {
    pub(super) fn from_image(image: SpentImage) -> Self {
        let mut book = Self {
            owners: image.owners,
            village: image.village,
            ..Self::default()
        };
        for (no, spending) in image.agents {
            book.change_agent(no, |it| *it = spending);
        }
        book
    }

    pub(super) fn image(&self) -> SpentImage {
        let agents = (0u32..).zip(self.by_agent.iter().copied());
        SpentImage {
            agents: agents
                .filter(|(_, it)| *it != Spending::default())
                .collect(),
            owners: self.owners.clone(),
            village: self.village,
        }
    }

    /// By agent number.
    pub(super) fn pages(&self) -> &Pages<Spending> {
        &self.by_agent
    }

    /// What somebody spent.
    pub(super) fn agent(&self, no: u32) -> Spending {
        let spending = self.by_agent.get(no as usize).copied();
        spending.unwrap_or_default()
    }

    pub(super) fn change_agent(&mut self, no: u32, change: impl FnOnce(&mut Spending)) {
        if let Some(spending) = reach(&mut self.by_agent, no) {
            change(spending);
        }
    }
}

/// Money from outside, the oldest first; each transaction once.
#[derive(Debug, Default)]
pub(crate) struct DepositBook {
    list: Pages<Arc<(String, DepositImage)>>,
    by_txn: BTreeMap<String, usize>,
}

impl DepositBook {
    pub(super) fn from_image(image: BTreeMap<String, DepositImage>) -> Self {
        let mut all: Vec<_> = image.into_iter().collect();
        all.sort_by_key(|(_, it)| it.transfer);
        let mut book = Self::default();
        for (txn, deposit) in all {
            book.push(txn, deposit);
        }
        book
    }

    pub(super) fn image(&self) -> BTreeMap<String, DepositImage> {
        self.list
            .iter()
            .map(|it| (it.0.clone(), it.1.clone()))
            .collect()
    }

    /// The oldest first.
    pub(super) fn pages(&self) -> &Pages<Arc<(String, DepositImage)>> {
        &self.list
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// What came of a transaction.
    pub(super) fn get(&self, txn: &str) -> Option<&DepositImage> {
        let at = *self.by_txn.get(txn)?;
        self.list.get(at).map(|it| &it.1)
    }

    pub(super) fn push(&mut self, txn: String, deposit: DepositImage) {
        self.by_txn.insert(txn.clone(), self.list.len());
        self.list.push(Arc::new((txn, deposit)));
    }
}

/// What is somebody's in a list by agent number, which becomes long enough for it.
fn reach<T: Clone + Default>(list: &mut Pages<T>, no: u32) -> Option<&mut T> {
    if list.len() <= no as usize {
        let nothing = T::default();
        while list.len() <= no as usize {
            list.push(nothing.clone());
        }
    }
    list.get_mut(no as usize)
}

#[cfg(test)]
mod tests {
    use hamlet_protocol::pages::PAGE_LEN;

    use super::*;

    const AGENTS: u32 = 50_000;

    fn cost(amount: i64) -> CostImage {
        CostImage {
            amount,
            ..CostImage::default()
        }
    }

    /// Two hundred thousand kinds of costs: four of each agent.
    fn many() -> BTreeMap<(u32, String, String), CostImage> {
        let kinds =
            |no: u32| (0..4).map(move |kind| (no, "thought".to_owned(), format!("m{kind}")));
        let keys = (0..AGENTS).flat_map(kinds);
        keys.map(|key| (key, cost(1))).collect()
    }

    fn shared<T: Clone>(before: &Pages<T>, now: &Pages<T>) -> usize {
        let pages = (0..now.len()).step_by(PAGE_LEN);
        pages
            .filter(|&first| now.shares_page(before, first))
            .count()
    }

    #[test]
    fn one_more_cost_among_two_hundred_thousand_copies_a_page_and_what_is_somebodys_own() {
        let image = many();
        let mut book = CostBook::from_image(image.clone());
        assert_eq!((book.kinds, book.image() == image), (KINDS_MAX, true));
        let before = book.pages().clone();
        book.count(777, ("thought", "m2"), |it| it.amount += 5);
        let pages = (AGENTS as usize).div_ceil(PAGE_LEN);
        assert_eq!(shared(&before, book.pages()), pages - 1);
        let same = |no: usize| match (before.get(no), book.pages().get(no)) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            _ => false,
        };
        let copied: Vec<usize> = (0..AGENTS as usize).filter(|&no| !same(no)).collect();
        assert_eq!(copied, [777]);
        // What is one kind too many is summed up.
        book.count(3, ("thought", "another"), |it| it.amount += 7);
        book.count(3, ("dream", "another"), |it| it.amount += 7);
        let other = (3, "other".to_owned(), "other".to_owned());
        assert_eq!(book.image().get(&other), Some(&cost(14)));
    }

    #[test]
    fn what_one_spends_copies_a_page_of_all_that_spend() {
        let mut book = SpentBook::default();
        let spends = |it: &mut Spending| (it.hour, it.in_hour) = (7, it.in_hour + 1);
        (0..200_000).for_each(|no| book.change_agent(no, spends));
        let before = book.pages().clone();
        book.change_agent(100_000, spends);
        let pages = 200_000_usize.div_ceil(PAGE_LEN);
        assert_eq!(shared(&before, book.pages()), pages - 1);
        let image = book.image();
        let again = SpentBook::from_image(image.clone());
        assert_eq!((again.image(), again.agent(100_000).in_hour), (image, 2));
    }

    #[test]
    fn a_deposit_is_written_behind_all_others_and_found_by_its_transaction() {
        let deposit = |transfer: u64| DepositImage {
            agent: 0,
            amount: 1,
            transfer,
            at_ms: 0,
            note: String::new(),
        };
        let mut book = DepositBook::default();
        (0..1_000).for_each(|no| book.push(format!("T{no}"), deposit(no)));
        let before = book.pages().clone();
        book.push("late".to_owned(), deposit(1_000));
        // The last page was not full.
        assert_eq!(shared(&before, book.pages()), 1_000 / PAGE_LEN);
        let again = DepositBook::from_image(book.image());
        assert_eq!(again.get("T7").map(|it| it.transfer), Some(7));
        assert_eq!(again.get("late"), book.get("late"));
        assert_eq!((again.len(), again.get("none")), (1_001, None));
        let last = again.pages().get(1_000).map(|it| it.0.clone());
        assert_eq!(last.as_deref(), Some("late"));
    }
}
