//! `hamlet run`: a scenario, headless.

use std::io::{self, BufReader};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use hamlet_agents::config::ModelsConfig;
use hamlet_protocol::command::{Command, StampedCommand};
use hamlet_protocol::event::{EVENT_KINDS, Event};
use hamlet_protocol::minds::{CostsView, MindsCommand, PoolView};
use hamlet_protocol::scenario::Scenario;
use hamlet_protocol::secrets;
use hamlet_sim::bridge::{self, BridgeOptions, Emission, Pace};
use hamlet_sim::journal::{JournalHeader, JournalWriter, read_image, write_image};
use hamlet_sim::scenario::{self, END_OF_TIME, Overrides};
use hamlet_sim::{Village, VillageOptions};

use super::progress::Progress;
use super::{count, open_file, refuse, say, say_err, say_faults};
use crate::cli::{PaceArg, RunArgs};
use crate::library::Library;
use crate::minds::{self, Earlier, Headless, MINDS};
use crate::outputs::{AtomicFile, Options, OutputError, OutputFolder, Recorder, RunFacts, Summary};
use crate::stop::{self, Stopper};

/// Name of the journal in the output folder.
const JOURNAL: &str = "journal.hj";
/// Name of the image in the output folder.
const FINAL_IMAGE: &str = "final.image";
/// Name of the recordings of thoughts in the output folder: a line of JSON each.
const THOUGHTS: &str = "thoughts.jsonl";
/// Most that a power cut or `kill -9` takes from the journal.
const JOURNAL_FLUSH_EVERY: Duration = Duration::from_secs(1);

pub(crate) fn run(args: &RunArgs) -> anyhow::Result<ExitCode> {
    let stopper = stop::listen()?;
    let models = minds::models(args)?;
    let mut start = Start::prepare(args, &models)?;
    let folder = args
        .out
        .as_deref()
        .map(|dir| OutputFolder::prepare(dir, args.force))
        .transpose()?;
    if let Some(folder) = &folder {
        say_swept(folder);
    }
    let scenario = Arc::clone(start.village.scenario());
    let last = scenario.stop.after_ticks;
    if last.is_none() && scenario.stop == Default::default() {
        say_err("no stop condition: runs until Ctrl-C (or give --ticks)");
    }
    let books = folder
        .as_ref()
        .map(|folder| Books::open(folder, &mut start.village, args))
        .transpose()
        .map_err(|error| with_what_is_left(error, folder.as_ref()))?;
    let residents = minds::llm_residents(&scenario);
    if let Some(notice) = minds::notice(&models, residents) {
        say_err(&format!("note: {notice}"));
    }
    if models.is_on() && residents > 0 {
        let ticks = last
            .unwrap_or_default()
            .saturating_sub(start.village.tick_count());
        let secs = ticks as f64 * f64::from(scenario.time.sim_secs_per_tick);
        say_err(&minds::estimate(&models, residents, secs, start.spent));
    }
    let facts = follow(start, args, &scenario, books, &models, &stopper)
        .map_err(|error| with_what_is_left(error, folder.as_ref()))?;
    report(&facts, folder.as_ref());
    Ok(ExitCode::SUCCESS)
}

/// Says that the files of a dead run are gone: they have cost somebody a computation.
fn say_swept(folder: &OutputFolder) {
    let swept = folder.swept();
    if swept > 0 {
        say_err(&format!(
            "note: {} held {} of a run that died; cleared away",
            folder.path("").display(),
            count(swept, "unfinished file")
        ));
    }
}

/// Says beside an error of the disk what has become of the files; where even that failed, the error says it itself.
fn with_what_is_left(error: anyhow::Error, folder: Option<&OutputFolder>) -> anyhow::Error {
    let torn = |error: &OutputError| matches!(error, OutputError::Torn { .. });
    match (error.downcast_ref::<OutputError>(), folder) {
        (Some(disk), Some(folder)) if !torn(disk) => {
            let left = folder.what_is_left();
            error.context(format!("the run was stopped, and {left}"))
        }
        _ => error,
    }
}

/// A village before its first tick, and what was odd on the way to it.
struct Start {
    village: Village,
    warnings: Vec<String>,
    /// Whether anybody had thought before the image it goes on from.
    has_thought: bool,
    /// What models have cost before, in micro-dollars.
    spent: f64,
}

/// Whether the village waits for its thoughts, so that no clock decides anything.
fn in_lockstep(args: &RunArgs) -> bool {
    matches!(args.pace, None | Some(PaceArg::Lockstep))
}

impl Start {
    fn prepare(args: &RunArgs, models: &ModelsConfig) -> anyhow::Result<Self> {
        let options = VillageOptions {
            threads: usize::from(args.threads),
            views: models.is_on(),
            thoughts: models.is_on(),
            ..VillageOptions::default()
        };
        let mut start = match (&args.scenario, &args.from) {
            (Some(path), _) => Self::found(path, args, options),
            (None, Some(image)) => Self::resume(image, args, options),
            (None, None) => bail!("name a scenario file, or an image with --from"),
        }?;
        start.attach(models, in_lockstep(args))?;
        Ok(start)
    }

    /// Tells the village who thinks for residents with such a mind: before its journal begins, so that its first image knows it.
    fn attach(&mut self, models: &ModelsConfig, lockstep: bool) -> anyhow::Result<()> {
        let command = match (models.is_on(), self.village.minds_attached()) {
            (true, _) => models.attach(lockstep),
            (false, true) => MindsCommand::Detach,
            (false, false) => return Ok(()),
        };
        let stamped = StampedCommand {
            stamp_ms: self.village.stamp_ms(),
            command: Command::Minds(command),
        };
        self.village.apply(&stamped)?;
        Ok(())
    }

    fn found(path: &Path, args: &RunArgs, options: VillageOptions) -> anyhow::Result<Self> {
        let overrides = Overrides {
            seed: args.seed,
            ticks: args.ticks,
            set: of_scenario(args),
        };
        let loaded =
            scenario::load(path, &Library, &overrides).map_err(|faults| refuse(&faults))?;
        say_faults(&loaded.warnings);
        let mut scenario = loaded.scenario;
        stop_after(&mut scenario, args.ticks, 0);
        let options = VillageOptions {
            transient: wants_transient(&scenario),
            ..options
        };
        let village = Village::found(scenario, loaded.map, options)?;
        let warnings = loaded.warnings.iter().map(ToString::to_string).collect();
        Ok(Self {
            village,
            warnings,
            has_thought: false,
            spent: 0.0,
        })
    }

    fn resume(path: &Path, args: &RunArgs, options: VillageOptions) -> anyhow::Result<Self> {
        let file = open_file(path, "the image", FINAL_IMAGE)?;
        let mut image = read_image(BufReader::new(file))
            .with_context(|| format!("the image {}", path.display()))?;
        let mut warnings: Vec<String> =
            other_rules(path, image.rules_version).into_iter().collect();
        for warning in &warnings {
            say_err(&format!("warning: {warning}"));
        }
        let noted =
            scenario::amend(&mut image, &of_scenario(args)).map_err(|faults| refuse(&faults))?;
        say_faults(&noted);
        warnings.extend(noted.iter().map(ToString::to_string));
        let tick = image.state.tick;
        let over = image
            .scenario
            .stop
            .after_ticks
            .is_some_and(|last| tick >= last);
        if args.ticks.is_none() && over {
            bail!(
                "the run of this image had reached its end at tick {tick}: say how far it goes on with --ticks N"
            );
        }
        let scenario = Arc::make_mut(&mut image.scenario);
        stop_after(scenario, args.ticks, tick);
        if ends_beyond_calendar(scenario) {
            bail!("the run would last beyond the year 9999: lower --ticks");
        }
        let options = VillageOptions {
            transient: wants_transient(&image.scenario),
            ..options
        };
        let has_thought = image.state.minds.thoughts > 0;
        let village = Village::resume(image, options)?;
        Ok(Self {
            village,
            warnings,
            has_thought,
            spent: minds::spent_before(path)?,
        })
    }
}

/// What to know before an image of other rules goes on by those of this build.
fn other_rules(image: &Path, rules: u32) -> Option<String> {
    let ours = hamlet_protocol::RULES_VERSION;
    (rules != ours).then(|| {
        format!(
            "{} was made by rules {rules} and goes on by rules {ours}: the run that made it would go on differently",
            image.display()
        )
    })
}

/// Whether the scenario writes down events that are dropped otherwise: steps, activities, needs.
fn wants_transient(scenario: &Scenario) -> bool {
    let wanted = &scenario.outputs.events;
    EVENT_KINDS
        .iter()
        .any(|(kind, durable)| !durable && wanted.iter().any(|word| word == kind))
}

/// The fields of the scenario among what is set.
fn of_scenario(args: &RunArgs) -> Vec<String> {
    let models = |set: &&String| set.trim_start().starts_with("models.");
    args.set
        .iter()
        .filter(|set| !models(set))
        .cloned()
        .collect()
}

/// `--ticks` takes the place of the scenario's own last tick.
fn stop_after(scenario: &mut Scenario, ticks: Option<u64>, tick: u64) {
    if let Some(ticks) = ticks {
        scenario.stop.after_ticks = Some(tick.saturating_add(ticks));
    }
}

/// Whether the last tick has no date any more.
fn ends_beyond_calendar(scenario: &Scenario) -> bool {
    let last = i128::from(scenario.stop.after_ticks.unwrap_or(0));
    let secs = last * i128::from(scenario.time.sim_secs_per_tick);
    i128::from(scenario.time.start.timestamp()) + secs >= i128::from(END_OF_TIME)
}

/// Runs the village to its end and writes down what happens.
fn follow(
    start: Start,
    args: &RunArgs,
    scenario: &Arc<Scenario>,
    mut books: Option<Books>,
    models: &ModelsConfig,
    stopper: &Stopper,
) -> anyhow::Result<Facts> {
    let started_tick = start.village.tick_count();
    let pace = match args.pace {
        None | Some(PaceArg::Fast | PaceArg::Lockstep) => Pace::Fast,
        Some(PaceArg::Realtime) => Pace::Realtime {
            hz: scenario.time.tick_hz,
        },
    };
    let lockstep = in_lockstep(args);
    let hash_every_ticks = if books.is_some() {
        scenario.outputs.hash_every_ticks
    } else {
        0
    };
    let options = BridgeOptions {
        pace,
        hash_every_ticks,
        lockstep,
        ..BridgeOptions::default()
    };
    let began = Instant::now();
    let (handle, emissions, thread) = bridge::spawn(start.village, options)?;
    let mut minds = match models.is_on() {
        true => {
            let folder = books.as_ref().map(|books| books.folder);
            let earlier = args.from.as_deref().map(|image| Earlier {
                image,
                tick: started_tick,
                has_thought: start.has_thought,
            });
            let village = handle.clone();
            let minds = Headless::start(
                models,
                scenario,
                village,
                lockstep,
                folder,
                earlier.as_ref(),
                start.spent,
            )?;
            Some(minds)
        }
        false => None,
    };
    stopper.watch_over(handle.clone());
    let mut progress = Progress::new(started_tick, scenario.stop.after_ticks);
    let mut warnings = start.warnings;
    if let Some(warning) = minds.as_ref().and_then(Headless::warning) {
        say_err(&format!("warning: {warning}"));
        warnings.push(warning.to_owned());
    }
    let mut written = Ok(());
    for mut emission in emissions {
        progress.at(emission.tick);
        warnings.extend(
            emission
                .events
                .iter()
                .filter_map(|record| refused(&record.event)),
        );
        if let Some(books) = &mut books {
            written = books.write(&emission);
        }
        if let (Some(books), Some(minds), Ok(())) = (&mut books, &mut minds, &written) {
            written = books.write_thoughts(minds);
        }
        if written.is_err() {
            // Leaving the loop hangs up, and the village stops.
            break;
        }
        for reply in std::mem::take(&mut emission.replies) {
            reply.release();
        }
        if let Some(minds) = &minds {
            minds.think(&mut emission);
        }
    }
    progress.finish();
    let outcome = thread
        .join()
        .map_err(|_panic| anyhow::anyhow!("the village panicked; please report this"))?;
    written?;
    let costs = minds.as_mut().map(Headless::end).transpose()?;
    let missing = minds.as_ref().map_or(0, Headless::missing);
    if missing > 0 {
        bail!(
            "the cassette had no answer to {}: it was recorded with another scenario, seed, settings or version; record it anew with --record FILE beside --llm",
            count(missing, "request")
        );
    }
    if let (Some(books), Some(minds)) = (&mut books, &mut minds) {
        books.write_thoughts(minds)?;
    }
    let mut village = outcome.village;
    let facts = RunFacts {
        seed: scenario.seed,
        state_hash: village.state_hash().to_string(),
        started_tick,
        ticks: village.tick_count() - started_tick,
        agents: u64::from(village.population()),
        wall_secs: began.elapsed().as_secs_f64(),
        stopped_because: outcome.why,
        threads: usize::from(args.threads),
        warnings,
        command: command_line(args),
        files: books.as_ref().map_or_else(Vec::new, |books| {
            let mut files = [JOURNAL, FINAL_IMAGE].map(str::to_owned).to_vec();
            files.extend(books.thoughts.as_ref().map(|_| THOUGHTS.to_owned()));
            files.extend(minds.as_ref().map(|_| MINDS.to_owned()));
            files
        }),
        minds: costs,
    };
    let summary = books
        .map(|books| books.close(&mut village, &facts))
        .transpose()?;
    Ok(Facts {
        name: scenario.name.clone(),
        facts,
        summary,
    })
}

fn refused(event: &Event) -> Option<String> {
    match event {
        Event::InterventionRefused { index, detail, .. } => {
            Some(format!("intervention {} was refused: {detail}", index + 1))
        }
        _ => None,
    }
}

/// The command that does the run again, without its folder; keys stand in no word of it. What was recorded into a cassette is asked anew:
/// `--cassette` in place of `--llm` plays it.
fn command_line(args: &RunArgs) -> String {
    let path = |path: &Path| quoted(&path.display().to_string());
    let mut words = vec!["hamlet run".to_owned()];
    words.extend(args.scenario.as_deref().map(path));
    let mut say = |name: &str, value: String| words.push(format!("--{name} {value}"));
    let minds = &args.minds;
    for (name, file) in [
        ("from", &args.from),
        ("config", &args.config),
        ("cassette", &minds.cassette),
    ] {
        if let Some(file) = file {
            say(name, path(file));
        }
    }
    for url in &minds.llm {
        // What follows the path could be a key.
        let url = url.split(['?', '#']).next().unwrap_or_default();
        say("llm", quoted(url));
    }
    if let Some(model) = &minds.model {
        say("model", quoted(model));
    }
    let numbers = [
        ("budget", minds.budget.map(|it| it.to_string())),
        ("ticks", args.ticks.map(|it| it.to_string())),
        ("seed", args.seed.map(|it| it.to_string())),
        ("pace", args.pace.map(|it| it.as_str().to_owned())),
    ];
    for (name, value) in numbers {
        if let Some(value) = value {
            say(name, value);
        }
    }
    for set in &args.set {
        let set = match (secrets::find(set), set.split_once('=')) {
            (Some(_), Some((path, _secret))) => format!("{path}=…"),
            _ => set.clone(),
        };
        say("set", quoted(&set));
    }
    words.join(" ")
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || "/._-:@+,~".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

struct Facts {
    name: String,
    facts: RunFacts,
    summary: Option<Summary>,
}

fn report(run: &Facts, folder: Option<&OutputFolder>) {
    let facts = &run.facts;
    let rate = facts.ticks as f64 / facts.wall_secs.max(1e-9);
    for warning in facts
        .warnings
        .iter()
        .filter(|warning| warning.starts_with("intervention"))
    {
        say_err(&format!("warning: {warning}"));
    }
    say(&format!(
        "{}: {} with {} in {:.1} s ({rate:.0} ticks/s), seed {}; ended because {}",
        run.name,
        count(facts.ticks, "tick"),
        count(facts.agents, "agent"),
        facts.wall_secs,
        facts.seed,
        facts.stopped_because
    ));
    if let Some(summary) = &run.summary {
        say(&format!(
            "{}, {}, {}, {}, {}, {}",
            count(summary.posts, "post"),
            count(summary.comments, "comment"),
            count(summary.votes, "vote"),
            count(summary.talks, "talk"),
            count(summary.trades, "trade"),
            count(summary.sales, "sale")
        ));
    }
    if let Some((costs, pool)) = &facts.minds {
        say_costs(costs, pool);
    }
    say(&format!("state hash {}", facts.state_hash));
    if let Some(folder) = folder {
        say(&format!("report: {}", folder.path("report.html").display()));
    }
}

/// What thoughts cost, and who gave the answers.
fn say_costs(costs: &CostsView, pool: &PoolView) {
    let total = &costs.total;
    let outcomes: Vec<String> = costs
        .outcomes
        .iter()
        .map(|(outcome, many)| format!("{many} {outcome}"))
        .collect();
    say(&format!(
        "{} ({}), {}, {} tokens in ({} cached), {} out, {:.4} dollars",
        count(costs.outcomes.values().sum(), "thought"),
        outcomes.join(", "),
        count(total.answers, "answer"),
        total.tokens_in,
        total.tokens_cached,
        total.tokens_out,
        total.cost_micros as f64 / 1e6
    ));
    for endpoint in &pool.endpoints {
        let failed: u64 = endpoint.failed.values().sum();
        say(&format!(
            "  {}: {}, {}, {}",
            endpoint.base_url,
            count(endpoint.answered, "answer"),
            count(failed, "failure"),
            endpoint.state
        ));
    }
}

/// Everything that is written while a run goes on.
struct Books<'a> {
    folder: &'a OutputFolder,
    recorder: Recorder<'a>,
    journal: JournalWriter<AtomicFile>,
    /// What was thought, where anybody thinks.
    thoughts: Option<AtomicFile>,
    /// When the journal was last brought to the disk.
    flushed: Instant,
}

impl<'a> Books<'a> {
    fn open(
        folder: &'a OutputFolder,
        village: &mut Village,
        args: &RunArgs,
    ) -> anyhow::Result<Self> {
        let (scenario, map) = (Arc::clone(village.scenario()), Arc::clone(village.map()));
        let options = Options { csv: args.csv };
        let hash_every = scenario.outputs.hash_every_ticks;
        let mut recorder = Recorder::new(scenario, map, folder, options)?;
        recorder.meet(&village.view());
        let created_by = concat!("hamlet ", env!("CARGO_PKG_VERSION"));
        let header = JournalHeader::new(village.image(), hash_every, created_by);
        let file = folder.create(JOURNAL)?;
        let journal = JournalWriter::create(file, &header).map_err(unwritten(folder))?;
        Ok(Self {
            folder,
            recorder,
            journal,
            thoughts: match village.minds_attached() {
                true => Some(folder.create(THOUGHTS)?),
                false => None,
            },
            flushed: Instant::now(),
        })
    }

    fn write(&mut self, emission: &Emission) -> anyhow::Result<()> {
        self.journal(emission).map_err(unwritten(self.folder))?;
        for record in &emission.events {
            self.recorder.event(record)?;
        }
        if let Some(sample) = &emission.sample {
            self.recorder.sample(sample)?;
        }
        Ok(())
    }

    fn write_thoughts(&mut self, minds: &mut Headless) -> anyhow::Result<()> {
        let Some(out) = &mut self.thoughts else {
            return Ok(());
        };
        minds
            .write(out)
            .map_err(OutputError::io("write", &self.folder.path(THOUGHTS)))?;
        Ok(())
    }

    fn journal(&mut self, emission: &Emission) -> io::Result<()> {
        for stamped in &emission.commands {
            self.journal.command(emission.tick, stamped)?;
        }
        if let Some(anchor) = emission.anchor {
            self.journal.anchor(anchor)?;
        }
        match emission.hash {
            Some(hash) => self.journal.hash(emission.tick, hash)?,
            None => self.journal.tick(emission.tick)?,
        }
        if self.flushed.elapsed() >= JOURNAL_FLUSH_EVERY {
            self.journal.flush()?;
            self.flushed = Instant::now();
        }
        Ok(())
    }

    fn close(self, village: &mut Village, facts: &RunFacts) -> anyhow::Result<Summary> {
        let Self {
            folder,
            mut recorder,
            journal,
            thoughts,
            ..
        } = self;
        if let Some(mut thoughts) = thoughts {
            thoughts.commit()?;
        }
        let image = village.image();
        journal
            .finish(village.tick_count(), village.state_hash())
            .map_err(unwritten(folder))?
            .commit()?;
        folder.write_atomic(FINAL_IMAGE, |out| write_image(&image, out))?;
        recorder.meet(&village.view());
        let summary = recorder.finish(facts)?;
        folder.publish()?;
        Ok(summary)
    }
}

/// What went wrong with the journal, with its name and the way out.
fn unwritten(folder: &OutputFolder) -> impl FnOnce(io::Error) -> OutputError + use<> {
    OutputError::io("write", &folder.path(JOURNAL))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::{Cli, Command as Word};

    fn command_of(words: &[&str]) -> String {
        let words = ["hamlet", "run"].iter().chain(words);
        let cli = Cli::try_parse_from(words).expect("a command line");
        match cli.command {
            Some(Word::Run(args)) => command_line(&args),
            _ => panic!("a run"),
        }
    }

    #[test]
    fn the_command_names_all_that_a_run_depends_on_and_no_key() {
        let words = "town.toml --llm http://127.0.0.1:9/v1?key=hushed --llm http://b/v1 --model m --budget 2.5 --pace lockstep \
                     --config my.toml --ticks 5 --seed 7 --set models.think_secs=60 --out out --record town.cassette";
        let words: Vec<&str> = words.split_whitespace().collect();
        assert_eq!(
            command_of(&words),
            "hamlet run town.toml --config my.toml --llm http://127.0.0.1:9/v1 --llm http://b/v1 --model m --budget 2.5 \
             --ticks 5 --seed 7 --pace lockstep --set 'models.think_secs=60'"
        );
        let words = [
            "--from",
            "my runs/final.image",
            "--cassette",
            "town.cassette",
        ];
        assert_eq!(
            command_of(&words),
            "hamlet run --from 'my runs/final.image' --cassette town.cassette"
        );
        let again = ["town.toml", "--set", "name=it's"];
        assert_eq!(
            command_of(&again),
            r"hamlet run town.toml --set 'name=it'\''s'"
        );
    }
}
