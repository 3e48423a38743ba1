//! The talk network: who talked with whom, laid out so that those who talk much stand close.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::super::names::People;
use super::super::story::Social;
use super::html::{Text, count, cut, plural};
use super::layout::place;
use super::theme::Paint;

/// People shown at most.
const NODES_MAX: usize = 60;

/// Of a crowd: people who are chosen because they talked most; the rest are their closest partners.
const HUBS: usize = 12;

/// Ties drawn for each person, the strongest ones; all of them would be a tangle.
const TIES_PER_NODE: usize = 4;

/// Names written beside their dots; the others appear under the pointer.
const NAMES_MAX: usize = 22;

/// Size of the picture.
pub(super) const WIDTH: f64 = 760.0;
/// Size of the picture.
pub(super) const HEIGHT: f64 = 560.0;

/// A person in the picture.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    person: u32,
    /// Conversations with the others in the picture.
    weight: f64,
    /// Different people talked with, in all.
    degree: u32,
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) radius: f64,
    group: usize,
}

/// A tie between two nodes, by index.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Tie {
    pub(super) a: usize,
    pub(super) b: usize,
    pub(super) talks: f64,
}

/// The network, laid out.
#[derive(Clone, Debug)]
pub(crate) struct Network {
    nodes: Vec<Node>,
    ties: Vec<Tie>,
    /// How many people talked at all.
    talkers: usize,
}

impl Network {
    /// Chooses, ties, groups and places people. The same ties always give the same picture.
    pub(crate) fn new(social: &Social, people: &People) -> Self {
        let degrees = social.degrees(people.len());
        let (mut nodes, talkers) = choose(social, &degrees);
        let ties = strongest(social, &nodes);
        group(&mut nodes, &ties);
        place(&mut nodes, &ties);
        Self {
            nodes,
            ties,
            talkers,
        }
    }

    /// Whether nobody talked with anybody.
    pub(crate) fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// A sentence on what is shown.
    pub(crate) fn about(&self) -> String {
        let who = if self.talkers > self.nodes.len() {
            format!(
                "The {HUBS} who talked most, of {}, and those they talked with most.",
                count(self.talkers as u64)
            )
        } else {
            "Everybody who talked with somebody.".to_owned()
        };
        format!(
            "{who} Larger: more conversations. Thicker: more often together. \
            Each one's {TIES_PER_NODE} strongest ties are drawn; colours are circles of friends."
        )
    }

    /// The picture.
    pub(crate) fn svg(&self, people: &People) -> String {
        let mut svg = format!(
            "<svg class=\"network\" role=\"img\" aria-label=\"Talk network\" viewBox=\"0 0 {WIDTH} {HEIGHT}\"><g class=\"ties\">"
        );
        let most = self.ties.iter().map(|tie| tie.talks).fold(1.0, f64::max);
        for tie in &self.ties {
            let (a, b) = (&self.nodes[tie.a], &self.nodes[tie.b]);
            let strength = (tie.talks / most).sqrt();
            // A slight bend keeps ties that run along each other apart.
            let (mx, my) = ((a.x + b.x) / 2.0, (a.y + b.y) / 2.0);
            let (bx, by) = (mx - (b.y - a.y) * 0.08, my + (b.x - a.x) * 0.08);
            let paint = if a.group == b.group {
                color(a.group)
            } else {
                Paint::Soft
            };
            write!(
                svg,
                "<path class=\"t{} t{}\" d=\"M{:.1} {:.1}Q{bx:.1} {by:.1} {:.1} {:.1}\" stroke=\"{}\" stroke-width=\"{:.1}\" opacity=\"{:.2}\"/>",
                tie.a,
                tie.b,
                a.x,
                a.y,
                b.x,
                b.y,
                paint.css(),
                0.8 + 3.6 * strength,
                0.22 + 0.5 * strength,
            )
            .ok();
        }
        svg += "</g>";
        for (i, node) in self.nodes.iter().enumerate() {
            write_dot(&mut svg, i, node, people);
        }
        // Names lie above all dots.
        for (i, node) in self.nodes.iter().enumerate() {
            write_name(&mut svg, i, node, people);
        }
        svg + "</svg>"
    }
}

fn write_dot(svg: &mut String, i: usize, node: &Node, people: &People) {
    write!(
        svg,
        "<circle data-node=\"{i}\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"{:.1}\" fill=\"{}\"><title>{}: {}, {}</title></circle>",
        node.x,
        node.y,
        node.radius,
        color(node.group).css(),
        Text(people.label(node.person)),
        plural(node.weight as u64, "conversation", "conversations"),
        plural(node.degree.into(), "person", "people"),
    )
    .ok();
}

fn write_name(svg: &mut String, i: usize, node: &Node, people: &People) {
    let class = if i < NAMES_MAX {
        " class=\"named\""
    } else {
        ""
    };
    write!(
        svg,
        "<text{class} data-node=\"{i}\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
        node.x,
        node.y + node.radius + 11.5,
        Text(&cut(people.label(node.person), 18)),
    )
    .ok();
}

fn color(group: usize) -> Paint {
    Paint::CATEGORIES.get(group).copied().unwrap_or(Paint::Gray)
}

/// Who is shown, and how many talked at all.
/// Of a crowd: those who talked most and those close to them; the many who talked most need not know each other.
fn choose(social: &Social, degrees: &[u32]) -> (Vec<Node>, usize) {
    let mut talks: BTreeMap<u32, u64> = BTreeMap::new();
    for (&(a, b), &count) in &social.pairs {
        *talks.entry(a).or_default() += u64::from(count);
        *talks.entry(b).or_default() += u64::from(count);
    }
    let mut order: Vec<u32> = talks.keys().copied().collect();
    order.sort_by_key(|person| (std::cmp::Reverse(talks[person]), *person));
    if order.len() > NODES_MAX {
        order.truncate(HUBS);
        add_partners(social, &mut order);
    }
    let most = order.iter().map(|person| talks[person]).max().unwrap_or(1) as f64;
    let nodes = order.iter().map(|&person| Node {
        person,
        weight: social.talks(person) as f64,
        degree: degrees[person as usize],
        x: 0.0,
        y: 0.0,
        radius: 4.0 + 12.0 * (talks[&person] as f64 / most).sqrt(),
        group: 0,
    });
    (nodes.collect(), talks.len())
}

/// Everybody chosen brings those along they talked with most, one by one in turn, until the picture is full.
fn add_partners(social: &Social, chosen: &mut Vec<u32>) {
    let mut partners: BTreeMap<u32, Vec<(u32, u32)>> =
        chosen.iter().map(|&person| (person, Vec::new())).collect();
    for (&(a, b), &count) in &social.pairs {
        for (hub, other) in [(a, b), (b, a)] {
            if let Some(partners) = partners.get_mut(&hub) {
                partners.push((count, other));
            }
        }
    }
    for partners in partners.values_mut() {
        // The closest last, where they are taken from.
        partners.sort_by_key(|&(count, other)| (count, std::cmp::Reverse(other)));
    }
    let hubs = chosen.clone();
    let mut taken: BTreeSet<u32> = hubs.iter().copied().collect();
    while chosen.len() < NODES_MAX {
        let before = chosen.len();
        for hub in &hubs {
            let mut next = || partners.get_mut(hub)?.pop();
            let found = std::iter::from_fn(&mut next).find(|&(_, other)| !taken.contains(&other));
            if let Some((_, other)) = found
                && chosen.len() < NODES_MAX
            {
                taken.insert(other);
                chosen.push(other);
            }
        }
        if chosen.len() == before {
            break;
        }
    }
}

/// The strongest ties of each node, each tie once.
fn strongest(social: &Social, nodes: &[Node]) -> Vec<Tie> {
    let index: BTreeMap<u32, usize> = nodes
        .iter()
        .enumerate()
        .map(|(i, n)| (n.person, i))
        .collect();
    let mut of_node: Vec<Vec<(u32, usize)>> = vec![Vec::new(); nodes.len()];
    for (&(a, b), &talks) in &social.pairs {
        if let (Some(&a), Some(&b)) = (index.get(&a), index.get(&b)) {
            of_node[a].push((talks, b));
            of_node[b].push((talks, a));
        }
    }
    let mut kept: BTreeMap<(usize, usize), u32> = BTreeMap::new();
    for (a, mut ties) in of_node.into_iter().enumerate() {
        ties.sort_by_key(|&(talks, b)| (std::cmp::Reverse(talks), b));
        for (talks, b) in ties.into_iter().take(TIES_PER_NODE) {
            kept.insert((a.min(b), a.max(b)), talks);
        }
    }
    let ties = kept.into_iter();
    ties.map(|((a, b), talks)| Tie {
        a,
        b,
        talks: talks.into(),
    })
    .collect()
}

/// Circles of friends: everybody takes over the group most of their conversations are with, until nobody changes.
fn group(nodes: &mut [Node], ties: &[Tie]) {
    let mut label: Vec<usize> = (0..nodes.len()).collect();
    for _ in 0..30 {
        let mut changed = false;
        for i in 0..nodes.len() {
            let mut votes: BTreeMap<usize, f64> = BTreeMap::new();
            for tie in ties {
                match (tie.a == i, tie.b == i) {
                    (true, _) => *votes.entry(label[tie.b]).or_default() += tie.talks,
                    (_, true) => *votes.entry(label[tie.a]).or_default() += tie.talks,
                    _ => {}
                }
            }
            let best = votes
                .into_iter()
                .reduce(|best, next| if next.1 > best.1 { next } else { best });
            if let Some((group, _)) = best
                && group != label[i]
            {
                label[i] = group;
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    let mut sizes: BTreeMap<usize, usize> = BTreeMap::new();
    for &group in &label {
        *sizes.entry(group).or_default() += 1;
    }
    let mut order: Vec<_> = sizes.into_iter().collect();
    order.sort_by_key(|&(group, size)| (std::cmp::Reverse(size), group));
    let rank: BTreeMap<usize, usize> = order
        .iter()
        .enumerate()
        .map(|(rank, &(group, _))| (group, rank))
        .collect();
    for (node, group) in nodes.iter_mut().zip(&label) {
        node.group = rank[group];
    }
}

#[cfg(test)]
mod tests {
    use hamlet_protocol::ids::IdCodec;

    use super::super::layout::between;
    use super::*;

    fn circles(count: u32) -> (Social, People) {
        let (mut social, mut people) = (Social::default(), People::default());
        for n in 0..count {
            people.number(IdCodec::new(1).make(n.into()));
        }
        for a in 0..count {
            for b in a + 1..count {
                if a % 3 == b % 3 {
                    social.pairs.insert((a, b), 5 + (a + b) % 4);
                }
            }
        }
        social.pairs.insert((0, 1), 1);
        (social, people)
    }

    #[test]
    fn circles_of_friends_are_told_apart_and_drawn_inside() {
        let (social, people) = circles(30);
        let network = Network::new(&social, &people);
        assert_eq!(network.nodes.len(), 30);
        for node in &network.nodes {
            assert!((0.0..WIDTH).contains(&node.x) && (0.0..HEIGHT).contains(&node.y));
            let same = |other: &&Node| other.person % 3 == node.person % 3;
            assert!(
                network
                    .nodes
                    .iter()
                    .filter(same)
                    .all(|other| other.group == node.group)
            );
        }
        let groups: BTreeSet<_> = network.nodes.iter().map(|n| n.group).collect();
        assert_eq!(groups.len(), 3);
        assert_eq!(
            network.svg(&people),
            Network::new(&social, &people).svg(&people)
        );
    }

    #[test]
    fn a_crowd_is_cut_to_those_who_talk_most_and_their_partners() {
        let (social, people) = circles(300);
        let network = Network::new(&social, &people);
        assert_eq!((network.nodes.len(), network.talkers), (NODES_MAX, 300));
        assert!(network.ties.len() <= NODES_MAX * TIES_PER_NODE);
        assert!(network.about().contains("of 300"));
        for (i, node) in network.nodes.iter().enumerate().skip(HUBS) {
            let to_hub = |tie: &Tie| (tie.a.min(tie.b) < HUBS) && (tie.a == i || tie.b == i);
            assert!(network.ties.iter().any(to_hub), "{node:?}");
        }
    }

    #[test]
    fn nobody_one_pair_and_two_on_one_spot_can_be_drawn() {
        let people = circles(2).1;
        assert!(Network::new(&Social::default(), &people).is_empty());
        let mut social = Social::default();
        social.pairs.insert((0, 1), 1);
        let network = Network::new(&social, &people);
        let (_, _, gap) = between(&network.nodes[0], &network.nodes[1]);
        assert!(gap > 30.0, "{gap}");
    }
}
