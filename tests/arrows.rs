//! The house's floor plan, checked: which crate may depend on which, and what it must never come to know.
//!
//! The table below is the one of `ARCHITECTURE.md`. A new arrow is a design decision: change both, and say why in `docs/adr`.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde::Deserialize;

/// What one crate of the workspace may and must not depend on.
struct Room {
    /// The crate.
    name: &'static str,
    /// Workspace crates it may depend on, whatever the kind of dependency: tests and build scripts get no extra arrows.
    may: &'static [&'static str],
    /// Crates that must not come in, not even through others. A trailing `*` matches every name that begins so.
    never: &'static [&'static str],
}

/// Everything a mind outside the tick, a database or a socket would bring along.
const OUTSIDE: &[&str] = &[
    "tokio",
    "axum*",
    "hyper",
    "reqwest",
    "sqlx*",
    "rusqlite",
    "async-openai",
    "bollard",
    "rmcp",
];

const ROOMS: &[Room] = &[
    Room {
        name: "hamlet-protocol",
        may: &[],
        never: &[
            "bevy*", "tokio", "axum*", "hyper", "reqwest", "sqlx*", "rusqlite",
        ],
    },
    Room {
        name: "hamlet-sim",
        may: &["hamlet-protocol"],
        never: OUTSIDE,
    },
    Room {
        name: "hamlet-store",
        may: &["hamlet-protocol"],
        never: &["bevy*", "axum*", "hyper"],
    },
    Room {
        name: "hamlet-agents",
        may: &["hamlet-protocol"],
        never: &["bevy*", "sqlx*", "axum*"],
    },
    Room {
        name: "hamlet-viewer",
        may: &["hamlet-protocol"],
        never: &["sqlx*", "rusqlite", "axum*"],
    },
    Room {
        name: "hamlet-api",
        may: &["hamlet-protocol", "hamlet-sim", "hamlet-store"],
        never: &["async-openai", "bollard"],
    },
    Room {
        name: "hamlet",
        may: &[
            "hamlet-protocol",
            "hamlet-sim",
            "hamlet-store",
            "hamlet-agents",
            "hamlet-viewer",
            "hamlet-api",
        ],
        never: &[],
    },
    Room {
        name: "hamlet-bench",
        may: &[
            "hamlet",
            "hamlet-protocol",
            "hamlet-sim",
            "hamlet-store",
            "hamlet-agents",
            "hamlet-viewer",
            "hamlet-api",
        ],
        never: &[],
    },
    Room {
        name: "hamlet-art",
        may: &[],
        never: &[],
    },
];

/// Reference arms and peers: what we are measured against is never a part of what we ship.
const BENCH_ONLY: &[&str] = &["hamlet-bench", "krabmaga", "pathfinding"];

/// A crate as the checker sees it.
#[derive(Default)]
struct Node {
    /// Whether it is ours.
    ours: bool,
    /// Names in its manifest, of every kind, optional ones included.
    declared: BTreeSet<String>,
    /// Crates it is built from: normal and build dependencies as resolved. Keyed like the graph.
    built_from: BTreeSet<String>,
    /// Its name; two versions of one crate are two nodes.
    name: String,
}

/// Crates by package id.
type Graph = BTreeMap<String, Node>;

/// Every breach of the table, as sentences; empty when the house stands as drawn.
fn breaches(graph: &Graph) -> Vec<String> {
    let ours: BTreeSet<&str> = graph
        .values()
        .filter(|node| node.ours)
        .map(|node| node.name.as_str())
        .collect();
    let mut found = Vec::new();
    for (id, node) in graph.iter().filter(|(_, node)| node.ours) {
        let Some(room) = ROOMS.iter().find(|room| room.name == node.name) else {
            found.push(format!(
                "{} has no place in the table of tests/arrows.rs",
                node.name
            ));
            continue;
        };
        for target in node
            .declared
            .iter()
            .filter(|name| ours.contains(name.as_str()))
        {
            if !room.may.contains(&target.as_str()) {
                found.push(format!("{} must not depend on {target}", node.name));
            }
        }
        let mut known = reach(graph, id);
        known.extend(
            node.declared
                .iter()
                .map(|name| (name.as_str(), name.as_str())),
        );
        let barred = |name: &str| {
            let peer = room.name != "hamlet-bench" && BENCH_ONLY.contains(&name);
            peer || room.never.iter().any(|pattern| matches(pattern, name))
        };
        for (name, through) in known.iter().filter(|(name, _)| barred(name)) {
            found.push(format!(
                "{} must never know {name} (it comes through {through})",
                node.name
            ));
        }
    }
    found
}

/// The crates that one is built from, directly or not, each with the direct dependency it comes through.
fn reach<'g>(graph: &'g Graph, from: &str) -> BTreeMap<&'g str, &'g str> {
    let mut known = BTreeMap::new();
    for direct in &graph[from].built_from {
        let mut seen = BTreeSet::new();
        let mut open = vec![direct.as_str()];
        while let Some(id) = open.pop() {
            if seen.insert(id) {
                let node = &graph[id];
                known
                    .entry(node.name.as_str())
                    .or_insert(graph[direct].name.as_str());
                open.extend(node.built_from.iter().map(String::as_str));
            }
        }
    }
    known
}

fn matches(pattern: &str, name: &str) -> bool {
    pattern
        .strip_suffix('*')
        .map_or(pattern == name, |start| name.starts_with(start))
}

/// The parts of `cargo metadata` that are looked at.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_members: Vec<String>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    dependencies: Vec<Declared>,
}

#[derive(Deserialize)]
struct Declared {
    name: String,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Resolved>,
}

#[derive(Deserialize)]
struct Resolved {
    id: String,
    deps: Vec<ResolvedDep>,
}

#[derive(Deserialize)]
struct ResolvedDep {
    pkg: String,
    dep_kinds: Vec<DepKind>,
}

#[derive(Deserialize)]
struct DepKind {
    /// `None` for a normal dependency.
    kind: Option<String>,
}

impl Metadata {
    /// What cargo says about this workspace, on this machine.
    fn of_this_workspace() -> Self {
        let host = cargo(&["-vV"]);
        let host = host
            .lines()
            .find_map(|line| line.strip_prefix("host: "))
            .expect("cargo names its host");
        let json = cargo(&[
            "metadata",
            "--format-version",
            "1",
            "--locked",
            "--filter-platform",
            host,
        ]);
        serde_json::from_str(&json).expect("cargo metadata is as documented")
    }

    fn graph(self) -> Graph {
        let mut graph = Graph::new();
        for package in self.packages {
            let node = Node {
                ours: self.workspace_members.contains(&package.id),
                declared: package
                    .dependencies
                    .into_iter()
                    .map(|dependency| dependency.name)
                    .collect(),
                built_from: BTreeSet::new(),
                name: package.name,
            };
            graph.insert(package.id, node);
        }
        for resolved in self.resolve.nodes {
            let built_from = resolved
                .deps
                .into_iter()
                .filter(|dep| {
                    dep.dep_kinds
                        .iter()
                        .any(|kind| kind.kind.as_deref() != Some("dev"))
                })
                .map(|dep| dep.pkg)
                .collect();
            graph
                .get_mut(&resolved.id)
                .expect("every resolved package is listed")
                .built_from = built_from;
        }
        graph
    }
}

fn cargo(args: &[&str]) -> String {
    let out = Command::new(env!("CARGO"))
        .args(args)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(
        out.status.success(),
        "cargo {args:?}: {}",
        String::from_utf8_lossy(&out.stderr)
    );
    String::from_utf8(out.stdout).expect("cargo speaks UTF-8")
}

#[test]
fn the_house_stands_as_drawn() {
    let graph = Metadata::of_this_workspace().graph();
    let ours = graph.values().filter(|node| node.ours).count();
    assert!(
        ours >= 5,
        "only {ours} crates of ours found: is the metadata read right?"
    );
    assert!(
        graph.len() > ours,
        "no foreign crates found: is the metadata read right?"
    );
    assert_eq!(breaches(&graph), Vec::<String>::new());
}

/// A made-up graph from lines such as `"hamlet-sim: hamlet-protocol libm"`.
fn made_up(lines: &[&str]) -> Graph {
    let mut graph = Graph::new();
    for line in lines {
        let (name, deps) = line.split_once(':').expect("a name, a colon, names");
        let deps: BTreeSet<String> = deps.split_whitespace().map(str::to_owned).collect();
        for dep in deps.iter().chain([&name.to_owned()]) {
            let ours = ROOMS.iter().any(|room| room.name == dep) || dep.starts_with("hamlet");
            graph.entry(dep.clone()).or_insert_with(|| Node {
                ours,
                name: dep.clone(),
                ..Node::default()
            });
        }
        let node = graph.get_mut(name).expect("inserted above");
        node.declared.clone_from(&deps);
        node.built_from = deps;
    }
    graph
}

#[test]
fn what_the_table_allows_passes() {
    let graph = made_up(&[
        "hamlet-protocol: serde",
        "hamlet-sim: hamlet-protocol bevy_ecs",
        "hamlet-api: hamlet-protocol hamlet-sim hamlet-store axum",
        "hamlet-store: hamlet-protocol sqlx",
        "sqlx: tokio",
        "hamlet: hamlet-api hamlet-sim",
        "hamlet-bench: hamlet-sim krabmaga",
    ]);
    assert_eq!(breaches(&graph), Vec::<String>::new());
}

#[test]
fn an_arrow_the_table_lacks_is_found() {
    let graph = made_up(&["hamlet-sim: hamlet-protocol hamlet-store"]);
    assert_eq!(
        breaches(&graph),
        ["hamlet-sim must not depend on hamlet-store"]
    );
    let graph = made_up(&["hamlet-viewer: hamlet-sim"]);
    assert_eq!(
        breaches(&graph),
        ["hamlet-viewer must not depend on hamlet-sim"]
    );
}

#[test]
fn an_arrow_of_tests_alone_is_found_too() {
    let mut graph = made_up(&["hamlet-agents: hamlet-protocol", "hamlet-api: axum"]);
    let agents = graph.get_mut("hamlet-agents").expect("made above");
    agents.declared.insert("hamlet-api".to_owned());
    assert_eq!(
        breaches(&graph),
        ["hamlet-agents must not depend on hamlet-api"]
    );
}

#[test]
fn what_comes_in_through_others_is_found() {
    let graph = made_up(&[
        "hamlet-sim: some-crate",
        "some-crate: other-crate",
        "other-crate: tokio",
    ]);
    assert_eq!(
        breaches(&graph),
        ["hamlet-sim must never know tokio (it comes through some-crate)"]
    );
    let graph = made_up(&["hamlet-protocol: bevy_reflect"]);
    assert_eq!(
        breaches(&graph),
        ["hamlet-protocol must never know bevy_reflect (it comes through bevy_reflect)"]
    );
}

#[test]
fn a_peer_in_the_product_is_found() {
    let graph = made_up(&["hamlet: hamlet-sim krabmaga"]);
    assert_eq!(
        breaches(&graph),
        ["hamlet must never know krabmaga (it comes through krabmaga)"]
    );
    let graph = made_up(&["hamlet-sim: hamlet-bench"]);
    assert_eq!(
        breaches(&graph),
        [
            "hamlet-sim must not depend on hamlet-bench",
            "hamlet-sim must never know hamlet-bench (it comes through hamlet-bench)"
        ]
    );
}

#[test]
fn a_crate_without_a_place_is_found() {
    let graph = made_up(&["hamlet-attic: serde"]);
    assert_eq!(
        breaches(&graph),
        ["hamlet-attic has no place in the table of tests/arrows.rs"]
    );
}
