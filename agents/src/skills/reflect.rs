//! Looking back: what follows from what was lived through.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Desk, Done, Fault, Skill, text};
use crate::memory::{INSIGHT_IMPORTANCE, INSIGHTS_MAX, Insight};

pub(super) struct Reflect;

#[derive(Deserialize, JsonSchema)]
pub(super) struct Args {
    /// One to three insights.
    insights: Vec<Said>,
}

#[derive(Deserialize, JsonSchema)]
struct Said {
    /// What you conclude about yourself, somebody or the town, as a sentence.
    text: String,
    /// Numbers of the memories it follows from.
    from: Vec<u64>,
    /// How much it matters, 1 to 10.
    #[serde(default = "much")]
    importance: u8,
}

fn much() -> u8 {
    INSIGHT_IMPORTANCE
}

impl Skill for Reflect {
    const NAME: &'static str = "reflect";
    const ABOUT: &'static str = "When you are asked to look back: keep what follows from what you lived through, with the numbers of the memories.";
    type Args = Args;

    fn run(args: Args, on: &mut Desk<'_>) -> Result<Done, Fault> {
        if !on.memory.reflection_is_due() {
            return Err(Fault::Wrong(
                "there is nothing new to look back on; use `remember` to keep something in mind"
                    .to_owned(),
            ));
        }
        let many = args.insights.len();
        if !(1..=INSIGHTS_MAX).contains(&many) {
            return Err(Fault::Wrong(format!(
                "give 1 to {INSIGHTS_MAX} insights, not {many}"
            )));
        }
        let insights = args.insights.into_iter();
        let insights = insights
            .map(|said| insight(said, on))
            .collect::<Result<_, _>>()?;
        on.memory.reflect(on.scene.ask.asked, insights);
        // A look-up, as it were: the thought goes on to what is to be done now.
        Ok(Done::Looked(
            "You will remember that. Now go on: what do you do?".to_owned(),
        ))
    }
}

fn insight(said: Said, on: &Desk<'_>) -> Result<Insight, Fault> {
    let text = text("an insight", &said.text)?;
    let mut of = said.from;
    of.sort_unstable();
    of.dedup();
    if of.is_empty() {
        return Err(Fault::Wrong(
            "an insight follows from something; give the numbers of the memories in `from`"
                .to_owned(),
        ));
    }
    if let Some(no) = of.iter().find(|&&no| !on.memory.has(no)) {
        return Err(Fault::Wrong(format!(
            "you have no memory with the number {no}; take numbers from the list you were shown"
        )));
    }
    Ok(Insight {
        text,
        importance: said.importance,
        of,
    })
}
