//! Settings of a served village: defaults, then `hamlet.toml`, then `HAMLET_…` of the environment, then `--set`, then flags.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Context, bail};
use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use hamlet_agents::config::ModelsConfig;
use hamlet_api::config::ApiConfig;
use hamlet_api::files::{Bucket, FilesPlace};
use hamlet_api::mail::{Mailer, SmtpConfig};
use hamlet_api::village::Keep;
use hamlet_store::Durability;
use serde::{Deserialize, Serialize};

use crate::cli::MindArgs;

/// The settings file that is read where it is there and no other is named.
const FILE: &str = "hamlet.toml";
/// Longest time an access token may be good for, in seconds.
const ACCESS_TOKEN_SECS_MAX: u64 = 600;
/// Names after `HAMLET_` that tests and scripts have in the environment.
const NO_SETTINGS: &[&str] = &[
    "postgres_fsync",
    "report_dir",
    "serve_kills",
    "serve_outage_secs",
    "store_kills",
    "store_storm",
    "target_dir",
    "test_postgres",
    "token",
    "view_status",
    "write_fixtures",
];
/// Shown in place of a secret.
const MASK: &str = "********";

/// Tables of the settings; `--set` of anything else is meant for the scenario.
const SECTIONS: [&str; 9] = [
    "server", "village", "database", "files", "identity", "limits", "smtp", "models", "log",
];

/// All settings.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Config {
    pub(crate) server: Server,
    pub(crate) village: Village,
    pub(crate) database: Database,
    pub(crate) files: Files,
    pub(crate) identity: Identity,
    pub(crate) limits: Limits,
    pub(crate) smtp: Smtp,
    /// `[models]`: who thinks for residents with such a mind.
    pub(crate) models: ModelsConfig,
    pub(crate) log: Log,
}

/// `[server]`: how others reach it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Server {
    /// Address and port.
    pub(crate) listen: SocketAddr,
    /// Address by which others reach it, such as `https://hamlet.example`.
    pub(crate) public_url: Option<String>,
    /// Origins that browsers may call from; `["*"]`: all.
    pub(crate) cors_origins: Vec<String>,
    /// Believe `X-Forwarded-For`.
    pub(crate) trust_proxy: bool,
    /// Let addresses that members hand in lead into private networks.
    pub(crate) outbound_private: bool,
    /// Bytes of a request's body.
    pub(crate) body_bytes_max: usize,
    /// Seconds a request may take.
    pub(crate) request_timeout_secs: u64,
}

/// `[village]`: the world and its folder.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Village {
    /// The village's folder.
    pub(crate) data: PathBuf,
    /// The scenario a new world is founded from; an existing world must have come from it.
    pub(crate) scenario: Option<PathBuf>,
    /// Threads that may help inside a tick; 0: as many as there are cores.
    pub(crate) threads: usize,
    /// Seconds between two images; 0: only at the end.
    pub(crate) image_every_secs: u64,
    /// Ticks between two state hashes in the journal; 0: none.
    pub(crate) hash_every_ticks: u64,
    /// The newest images that are kept, at least 1.
    pub(crate) images_keep: u32,
    /// Hours of journal that are kept; what a kept image needs stays longer.
    pub(crate) journal_keep_hours: u32,
    /// Hours of events that are kept; 0: all of them.
    pub(crate) events_keep_hours: u32,
    /// Megabytes of `thoughts.jsonl` and its older half that are kept; 0: thoughts are not written down.
    pub(crate) thoughts_mb_max: u32,
}

/// `[database]`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Database {
    /// `sqlite://FILE` or `postgres://…`; without it a file in the village's folder.
    pub(crate) url: Option<String>,
    /// What a commit survives on SQLite.
    pub(crate) durability: DurabilitySetting,
}

/// What a commit survives on SQLite.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum DurabilitySetting {
    /// A power cut.
    #[default]
    Full,
    /// The end of the process; a power cut may cost the last commits.
    Normal,
}

/// `[files]`: where pictures lie.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Files {
    /// A bucket of an S3 service; without one they lie in the village's folder.
    pub(crate) bucket: Option<String>,
    /// The service's address, such as `https://s3.example`; without one AWS.
    pub(crate) endpoint: Option<String>,
    /// The bucket's region; without one `us-east-1`.
    pub(crate) region: Option<String>,
    /// What stands before the names of all files in the bucket.
    pub(crate) prefix: String,
    /// Who writes into the bucket.
    pub(crate) access_key_id: Option<String>,
    /// Their secret: best given as `HAMLET_FILES__SECRET_ACCESS_KEY`.
    pub(crate) secret_access_key: Option<String>,
}

impl Files {
    /// Where pictures lie.
    ///
    /// # Errors
    /// When a bucket is named without the keys to it.
    pub(crate) fn place(&self) -> anyhow::Result<FilesPlace> {
        let Some(name) = self.bucket.clone() else {
            return Ok(FilesPlace::Folder);
        };
        let (Some(access_key_id), Some(secret_access_key)) =
            (self.access_key_id.clone(), self.secret_access_key.clone())
        else {
            bail!(
                "files.bucket = {name:?} needs files.access_key_id and files.secret_access_key; HAMLET_FILES__SECRET_ACCESS_KEY keeps the secret out of the file"
            );
        };
        Ok(FilesPlace::Bucket(Bucket {
            name,
            endpoint: self.endpoint.clone(),
            region: self
                .region
                .clone()
                .unwrap_or_else(|| "us-east-1".to_owned()),
            prefix: self.prefix.clone(),
            access_key_id,
            secret_access_key,
        }))
    }
}

/// `[identity]`: who may come in.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Identity {
    /// Whether what is public can be read without a key.
    pub(crate) anonymous_read: bool,
    /// Whether anybody may register.
    pub(crate) registration: bool,
    /// Seconds an access token is good for, at most 600.
    pub(crate) access_token_secs: u64,
    /// Seconds a refresh token is good for.
    pub(crate) refresh_token_secs: u64,
    /// Seconds a claim link is good for.
    pub(crate) claim_secs: u64,
    /// Agents one person may own.
    pub(crate) agents_per_owner_max: u32,
}

/// `[limits]`: how much a caller may ask for.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Limits {
    /// Requests of a key in a minute.
    pub(crate) key_requests_per_min: u32,
    /// Requests of an address without a key in a minute.
    pub(crate) anonymous_requests_per_min: u32,
    /// Registrations of an address in a minute.
    pub(crate) registrations_per_min: u32,
    /// Registrations of an address in a day.
    pub(crate) registrations_per_day: u32,
    /// Registrations of all addresses together in a day.
    pub(crate) registrations_all_per_day: u32,
    /// WebSockets of a key or address.
    pub(crate) sockets_per_key_max: u32,
}

/// `[smtp]`: how letters leave; without it none do, and claim links are shown instead.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Smtp {
    /// `smtps://USER:PASSWORD@HOST`, `smtp://USER:PASSWORD@HOST:587?tls=required`, or `smtp://HOST:25`.
    pub(crate) url: Option<String>,
    /// Who letters come from, such as `Hamlet <hamlet@example.org>`.
    pub(crate) from: Option<String>,
}

impl Smtp {
    /// What the bridge needs of it; `None`: no letters.
    fn config(&self) -> anyhow::Result<Option<SmtpConfig>> {
        let config = match (&self.url, &self.from) {
            (None, None) => return Ok(None),
            (Some(url), Some(from)) => SmtpConfig {
                url: url.clone(),
                from: from.clone(),
            },
            _ => bail!("smtp.url and smtp.from belong together: give both, or neither"),
        };
        Mailer::new(&config)?;
        Ok(Some(config))
    }
}

/// `[log]`: what goes to stderr.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Log {
    /// `text` or `json`.
    pub(crate) format: LogFormat,
    /// What is worth a line, such as `info` or `hamlet_api=debug,info`.
    pub(crate) filter: String,
}

/// How a log line looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

impl Default for Server {
    fn default() -> Self {
        let api = ApiConfig::default();
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: api.public_url,
            cors_origins: api.cors_origins,
            trust_proxy: api.trust_proxy,
            outbound_private: api.outbound_private,
            body_bytes_max: api.body_bytes_max,
            request_timeout_secs: api.request_timeout_secs,
        }
    }
}

impl Default for Village {
    fn default() -> Self {
        Self {
            data: ApiConfig::default().data,
            scenario: None,
            threads: 0,
            image_every_secs: 600,
            hash_every_ticks: 1_000,
            images_keep: Keep::default().images,
            journal_keep_hours: Keep::default().journal_hours,
            events_keep_hours: Keep::default().events_hours.unwrap_or(0),
            thoughts_mb_max: 256,
        }
    }
}

impl Default for Identity {
    fn default() -> Self {
        let api = ApiConfig::default();
        Self {
            anonymous_read: api.anonymous_read,
            registration: api.registration,
            access_token_secs: api.access_token_secs,
            refresh_token_secs: api.refresh_token_secs,
            claim_secs: api.claim_secs,
            agents_per_owner_max: api.agents_per_owner_max,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        let api = ApiConfig::default();
        Self {
            key_requests_per_min: api.key_requests_per_min,
            anonymous_requests_per_min: api.anonymous_requests_per_min,
            registrations_per_min: api.registrations_per_min,
            registrations_per_day: api.registrations_per_day,
            registrations_all_per_day: api.registrations_all_per_day,
            sockets_per_key_max: api.sockets_per_key_max,
        }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self {
            format: LogFormat::Text,
            filter: "info".to_owned(),
        }
    }
}

/// Where settings come from beside the environment.
#[derive(Clone, Debug, Default)]
pub(crate) struct ConfigSources {
    /// The settings file; without one `hamlet.toml` where it is there.
    pub(crate) file: Option<PathBuf>,
    /// `PATH=VALUE` in TOML syntax.
    pub(crate) set: Vec<String>,
    /// `--listen`.
    pub(crate) listen: Option<SocketAddr>,
    /// `--db`.
    pub(crate) db: Option<String>,
    /// `--scenario`.
    pub(crate) scenario: Option<PathBuf>,
    /// `--data`.
    pub(crate) data: Option<PathBuf>,
    /// `--llm`, `--model` and `--budget`.
    pub(crate) minds: MindArgs,
}

impl Config {
    /// Whether a TOML file is one of settings: it has a table of them.
    pub(crate) fn is_one(table: &toml::Table) -> bool {
        table.keys().any(|key| SECTIONS.contains(&key.as_str()))
    }

    /// Reads all settings.
    ///
    /// # Errors
    /// What is wrong, and in which source.
    pub(crate) fn read(sources: &ConfigSources) -> anyhow::Result<Self> {
        let mut figment = Figment::from(Serialized::defaults(Self::default()));
        figment = match &sources.file {
            Some(file) if !file.is_file() => bail!("there is no settings file {}", file.display()),
            Some(file) => figment.merge(Toml::file_exact(file)),
            None => figment.merge(Toml::file(FILE)),
        };
        figment = figment.merge(Env::prefixed("HAMLET_").split("__").ignore(NO_SETTINGS));
        for set in sources.set.iter().filter(|set| !is_of_scenario(set)) {
            figment = figment.merge(Toml::string(&as_toml(set)?));
        }
        let mut config: Self = figment
            .extract()
            .context("the settings make no sense; `hamlet config` shows them, docs/OPERATIONS.md describes them")?;
        config.take_flags(sources);
        config.check()?;
        Ok(config)
    }

    fn take_flags(&mut self, sources: &ConfigSources) {
        if let Some(listen) = sources.listen {
            self.server.listen = listen;
        }
        if let Some(url) = &sources.db {
            self.database.url = Some(url.clone());
        }
        if let Some(scenario) = &sources.scenario {
            self.village.scenario = Some(scenario.clone());
        }
        if let Some(data) = &sources.data {
            self.village.data.clone_from(data);
        }
        let minds = &sources.minds;
        self.models.add(&minds.llm, minds.model.as_deref());
        if let Some(budget) = minds.budget {
            self.models.budget = budget;
        }
        if minds.record.is_some() {
            self.models.record.clone_from(&minds.record);
        }
        if minds.cassette.is_some() {
            self.models.cassette.clone_from(&minds.cassette);
        }
    }

    fn check(&self) -> anyhow::Result<()> {
        if !(1..=ACCESS_TOKEN_SECS_MAX).contains(&self.identity.access_token_secs) {
            bail!(
                "identity.access_token_secs = {}: use 1 to {ACCESS_TOKEN_SECS_MAX}, so that whoever is suspended is soon gone",
                self.identity.access_token_secs
            );
        }
        if self.limits.key_requests_per_min == 0 || self.limits.anonymous_requests_per_min == 0 {
            bail!("limits of 0 requests a minute let nobody in: use 1 or more");
        }
        self.smtp.config()?;
        self.models.check()?;
        self.files.place()?;
        if let Some(url) = &self.server.public_url
            && (!(url.starts_with("http://") || url.starts_with("https://")) || url.ends_with('/'))
        {
            bail!(
                "server.public_url = {url:?}: write it like `https://hamlet.example`, without a slash at the end"
            );
        }
        Ok(())
    }

    /// The database's address.
    pub(crate) fn database_url(&self) -> String {
        self.database.url.clone().unwrap_or_else(|| {
            format!(
                "sqlite://{}",
                self.village.data.join("village.db").display()
            )
        })
    }

    /// The address by which the village is reached, for links.
    pub(crate) fn url(&self) -> String {
        self.server
            .public_url
            .clone()
            .unwrap_or_else(|| format!("http://{}", self.server.listen))
    }

    /// What is kept of the past.
    pub(crate) fn keep(&self) -> Keep {
        Keep {
            images: self.village.images_keep.max(1),
            journal_hours: self.village.journal_keep_hours,
            events_hours: Some(self.village.events_keep_hours).filter(|&hours| hours > 0),
        }
    }

    /// What the bridge needs of it.
    pub(crate) fn api(&self) -> ApiConfig {
        ApiConfig {
            data: self.village.data.clone(),
            public_url: self.server.public_url.clone(),
            anonymous_read: self.identity.anonymous_read,
            registration: self.identity.registration,
            cors_origins: self.server.cors_origins.clone(),
            body_bytes_max: self.server.body_bytes_max,
            request_timeout_secs: self.server.request_timeout_secs,
            key_requests_per_min: self.limits.key_requests_per_min,
            anonymous_requests_per_min: self.limits.anonymous_requests_per_min,
            registrations_per_min: self.limits.registrations_per_min,
            registrations_per_day: self.limits.registrations_per_day,
            registrations_all_per_day: self.limits.registrations_all_per_day,
            sockets_per_key_max: self.limits.sockets_per_key_max,
            access_token_secs: self.identity.access_token_secs,
            refresh_token_secs: self.identity.refresh_token_secs,
            claim_secs: self.identity.claim_secs,
            agents_per_owner_max: self.identity.agents_per_owner_max,
            // Checked when it was read.
            smtp: self.smtp.config().ok().flatten(),
            trust_proxy: self.server.trust_proxy,
            outbound_private: self.server.outbound_private,
            ..ApiConfig::default()
        }
    }

    /// As TOML, with secrets masked.
    pub(crate) fn shown(&self) -> anyhow::Result<String> {
        let mut shown = self.clone();
        let secret = &mut shown.files.secret_access_key;
        *secret = secret.take().map(|_secret| MASK.to_owned());
        shown.database.url = shown.database.url.as_deref().map(masked);
        shown.smtp.url = shown.smtp.url.as_deref().map(masked);
        toml::to_string_pretty(&shown).context("the settings cannot be written as TOML")
    }
}

impl From<DurabilitySetting> for Durability {
    fn from(setting: DurabilitySetting) -> Self {
        match setting {
            DurabilitySetting::Full => Self::Full,
            DurabilitySetting::Normal => Self::Normal,
        }
    }
}

/// Whether a `--set` is meant for the scenario rather than for the settings.
pub(crate) fn is_of_scenario(set: &str) -> bool {
    set.split_once('=').is_some_and(|(path, _value)| {
        let first = path.split('.').next().unwrap_or(path);
        !SECTIONS.contains(&first.trim())
    })
}

/// A `PATH=VALUE` as a line of TOML. A value that is no TOML is taken as a string.
fn as_toml(set: &str) -> anyhow::Result<String> {
    let Some((path, value)) = set.split_once('=') else {
        bail!("--set {set}: write PATH=VALUE, such as --set limits.key_requests_per_min=200");
    };
    let line = format!("{} = {}", path.trim(), value.trim());
    if line.parse::<toml::Table>().is_ok() {
        return Ok(line);
    }
    let quoted = format!("{} = {}", path.trim(), toml::Value::from(value.trim()));
    match quoted.parse::<toml::Table>() {
        Ok(_) => Ok(quoted),
        Err(_) => bail!("--set {set}: {path:?} is not a path of settings"),
    }
}

/// A database's address without its password.
fn masked(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let Some((login, host)) = rest.rsplit_once('@') else {
        return url.to_owned();
    };
    match login.split_once(':') {
        Some((user, _password)) => format!("{scheme}://{user}:{MASK}@{host}"),
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(set: &[&str]) -> anyhow::Result<Config> {
        Config::read(&ConfigSources {
            set: set.iter().map(ToString::to_string).collect(),
            ..ConfigSources::default()
        })
    }

    #[test]
    fn what_is_set_is_taken_and_what_is_unknown_refused() {
        let config = read(&[
            "limits.key_requests_per_min=7",
            "database.url=postgres://ann:secret@db/town",
            "files.bucket=town",
            "files.access_key_id=ann",
            "files.secret_access_key=hushed",
            "server.cors_origins=[\"https://a.example\"]",
            "models.thought_cost_max=0.02",
        ])
        .expect("these are settings");
        assert_eq!(config.limits.key_requests_per_min, 7);
        assert_eq!(config.server.cors_origins, ["https://a.example"]);
        let shown = config.shown().expect("they can be shown");
        assert!(shown.contains("thought_cost_max = 0.02"), "{shown}");
        assert!(shown.contains("thoughts_mb_max = 256"), "{shown}");
        assert!(shown.contains("postgres://ann:********@db/town"), "{shown}");
        assert!(
            !shown.contains("ann:secret") && !shown.contains("hushed"),
            "{shown}"
        );
        for wrong in [
            "limits.nonsense=1",
            "models.thought_cost_max=-1",
            "village.thoughts_mb_max=-1",
            "identity.access_token_secs=601",
            "nonsense",
            "limits.key_requests_per_min=0",
            "server.public_url=x",
            "smtp.url=smtp://localhost",
            "smtp.from=nobody",
            "files.bucket=town",
        ] {
            assert!(read(&[wrong]).is_err(), "{wrong}");
        }
    }
}
