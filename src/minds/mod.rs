//! Wiring of minds: who thinks for the residents of a run or of a served village.

mod headless;
mod memories;
mod served;
mod spending;
mod transcript;

use hamlet_agents::config::ModelsConfig;
use hamlet_protocol::agent::MindKind;
use hamlet_protocol::scenario::Scenario;

pub(crate) use headless::{Headless, estimate, models};
pub(crate) use memories::{Earlier, MINDS};
pub(crate) use served::Served;
pub(crate) use spending::{keep_spent, spent_before};

/// Residents of a scenario with `mind = "llm"` at its beginning.
pub(crate) fn llm_residents(scenario: &Scenario) -> u64 {
    let populations = scenario.populations.iter();
    populations
        .filter(|population| population.mind == MindKind::Llm)
        .map(|population| u64::from(population.count))
        .sum()
}

/// What becomes of such residents, where that is worth a line.
pub(crate) fn notice(models: &ModelsConfig, residents: u64) -> Option<String> {
    match (models.is_on(), residents) {
        (_, 0) if models.is_on() => {
            Some("nobody here has mind = \"llm\": the models are not asked".to_owned())
        }
        (false, 1..) => Some(format!(
            "{} would think with a language model; without one (--llm URL --model NAME) they live by habit",
            crate::commands::count(residents, "resident")
        )),
        _ => None,
    }
}

/// The key in an environment variable.
pub(crate) fn key_of(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
