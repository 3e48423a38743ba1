//! What models have cost in earlier lives: nobody gets a whole budget again by starting anew.
//!
//! A served village keeps it among its settings, a run in its `summary.json`. It counts at the dearest prices, as against the budget itself.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, anyhow};
use hamlet_api::state::App;
use hamlet_api::village::Desk;
use hamlet_store::Write;
use serde::Deserialize;

/// The setting under which the database says what has been spent, in micro-dollars.
const SETTING: &str = "models.spent_micros";
/// How often it is written down, where it has changed: the most that a kill forgets.
pub(super) const NOTE_EVERY: Duration = Duration::from_secs(2);
/// Longest wait for the last of it when a village ends.
const END_WAIT: Duration = Duration::from_secs(5);
/// The file of a run that says what it cost.
const SUMMARY: &str = "summary.json";

/// What a served village has spent, as far as it is written down.
#[derive(Debug)]
pub(super) struct Spending {
    noted: i64,
}

impl Spending {
    /// What was spent in earlier lives.
    ///
    /// # Errors
    /// When the database does not say.
    pub(super) async fn read(app: &App) -> anyhow::Result<Self> {
        let kept = app.store.setting(SETTING).await?;
        let noted = kept.map(|text| text.parse::<i64>()).transpose();
        let noted = noted.with_context(|| format!("the setting {SETTING} is no number"))?;
        Ok(Self {
            noted: noted.unwrap_or(0),
        })
    }

    /// Micro-dollars.
    pub(super) fn micros(&self) -> f64 {
        self.noted as f64
    }

    /// Writes down what has been spent by now, and waits for nothing.
    pub(super) fn note(&mut self, desk: &Desk, micros: f64) {
        let micros = micros.round() as i64;
        if micros != self.noted {
            self.noted = micros;
            desk.leave(move |draft| draft.push(row(micros)));
        }
    }
}

fn row(micros: i64) -> Write {
    Write::Setting {
        key: SETTING.to_owned(),
        value: micros.to_string(),
    }
}

/// Writes down what has been spent when a village ends, before it takes nothing in any more.
pub(crate) async fn keep_spent(app: &App) {
    let Some(minds) = app.minds.get() else {
        return;
    };
    let micros = minds.costs().counted_micros;
    if micros == 0 {
        return;
    }
    let written = app.desk.write(None, move |draft| {
        draft.push(row(micros));
        Ok(())
    });
    let why = match tokio::time::timeout(END_WAIT, written).await {
        Ok(Ok(_)) => return,
        Ok(Err(problem)) => problem.detail.to_string(),
        Err(_elapsed) => "the database does not answer".to_owned(),
    };
    tracing::warn!(%why, "what models cost in the last seconds is not written down");
}

/// What matters of a run's summary.
#[derive(Deserialize)]
struct Told {
    minds: Option<Costs>,
}

#[derive(Deserialize)]
struct Costs {
    #[serde(default)]
    counted_micros: i64,
}

/// What the run had spent that left this image, in micro-dollars; nothing where no summary lies beside it.
///
/// # Errors
/// When there is one and it cannot be read.
pub(crate) fn spent_before(image: &Path) -> anyhow::Result<f64> {
    let path = image.with_file_name(SUMMARY);
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(missing) if missing.kind() == std::io::ErrorKind::NotFound => return Ok(0.0),
        Err(why) => return Err(anyhow!(why).context(unread(&path))),
    };
    let told: Told = serde_json::from_slice(&bytes).with_context(|| unread(&path))?;
    let micros = told.minds.map_or(0, |costs| costs.counted_micros);
    Ok(micros.max(0) as f64)
}

fn unread(path: &Path) -> String {
    format!(
        "what the earlier run's minds have cost, in {}; to begin with the whole budget, leave the image in a folder without it",
        path.display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_says_what_it_has_spent_to_those_that_go_on_from_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let image = folder.path().join("final.image");
        let summary = folder.path().join(SUMMARY);
        assert_eq!(spent_before(&image).expect("nothing lies there"), 0.0);
        let of = |text: &str| {
            std::fs::write(&summary, text).expect("written");
            spent_before(&image)
        };
        let told = of(r#"{"seed": 1, "minds": {"counted_micros": 1500, "total": {}}}"#);
        assert_eq!(told.expect("it says so"), 1_500.0);
        assert_eq!(of(r#"{"seed": 1}"#).expect("nobody thought"), 0.0);
        let torn = of(r#"{"seed""#).map_err(|why| why.to_string());
        assert!(torn.is_err_and(|why| why.contains("whole budget")));
    }
}
