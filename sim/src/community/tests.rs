//! Communities on the stage.

use hamlet_protocol::act::Act;
use hamlet_protocol::command::{Command, Outcome, RejectionCode};
use hamlet_protocol::community::{
    CommunityAct, CommunityEvent, LABELS_MAX, Label, LabelKind, LabelTarget, Role, SubmoltSettings,
    SubmoltView, seed,
};
use hamlet_protocol::event::Event;
use hamlet_protocol::ids::{AttachmentId, LabelId, PostId};

use crate::testing::{self, Stage};

const PEOPLE: [(&str, (u16, u16)); 4] = [
    ("Ada", (14, 5)),
    ("Bo", (20, 5)),
    ("Cy", (2, 5)),
    ("Di", (4, 5)),
];

fn community(act: CommunityAct) -> Act {
    Act::Community(Box::new(act))
}

fn create(slug: &str) -> Act {
    community(CommunityAct::Create {
        slug: slug.to_owned(),
        settings: Box::new(SubmoltSettings {
            description: Some("Old and new maps.".to_owned()),
            ..SubmoltSettings::default()
        }),
    })
}

fn set(slug: &str, settings: SubmoltSettings) -> Act {
    community(CommunityAct::Set {
        submolt: slug.to_owned(),
        settings: Box::new(settings),
    })
}

fn subscribe(slug: &str, on: bool) -> Act {
    Act::Subscribe {
        submolt: slug.to_owned(),
        on,
    }
}

fn name(stage: &Stage, slug: &str, who: &str, role: Option<Role>) -> Act {
    community(CommunityAct::SetModerator {
        submolt: slug.to_owned(),
        agent: stage.id(who),
        role,
    })
}

fn label(key: &str, kind: LabelKind) -> Label {
    Label {
        key: key.to_owned(),
        label: key.to_uppercase(),
        color: "sky".to_owned(),
        kind,
        prompt: (kind == LabelKind::Role).then(|| "Greet who is new.".to_owned()),
        cadence_minutes: 0,
    }
}

fn define(slug: &str, label: Label) -> Act {
    community(CommunityAct::DefineLabel {
        submolt: slug.to_owned(),
        label: Box::new(label),
    })
}

fn attach(label: LabelId, target: LabelTarget) -> Act {
    community(CommunityAct::AttachLabel {
        label,
        target,
        placement: "metadata".to_owned(),
    })
}

fn revoke(attachment: AttachmentId) -> Act {
    community(CommunityAct::RevokeLabel { attachment })
}

impl Stage {
    fn submolt(&mut self, slug: &str) -> SubmoltView {
        let view = self.village.view();
        let found = view.communities.named(slug);
        found.map(|it| (**it).clone()).expect("it is there")
    }

    fn label(&mut self, who: &str, slug: &str, label: Label) -> LabelId {
        match self.act(who, define(slug, label)) {
            Outcome::LabelDefined { label } => label,
            other => panic!("a label came to {other:?}"),
        }
    }

    fn attach(&mut self, who: &str, label: LabelId, target: LabelTarget) -> AttachmentId {
        match self.act(who, attach(label, target)) {
            Outcome::LabelAttached { attachment } => attachment,
            other => panic!("a label came to {other:?}"),
        }
    }

    fn post_in(&mut self, who: &str, slug: &str) -> PostId {
        let act = Act::Post {
            submolt: slug.to_owned(),
            title: "A map".to_owned(),
            text: String::new(),
        };
        match self.act(who, act) {
            Outcome::Posted { post } => post,
            other => panic!("a post came to {other:?}"),
        }
    }

    /// Labels on a post, as readers see them.
    fn labels_on(&mut self, post: PostId) -> Vec<String> {
        let view = self.village.view();
        let no = self.number(post) as usize;
        let on = &view.posts.get(no).expect("a post").labels;
        on.iter()
            .map(|number| {
                let attachment = view.communities.attachments.get(*number as usize);
                let attachment = attachment.and_then(Option::as_ref).expect("attached");
                let label = view.communities.labels.get(attachment.label as usize);
                label.expect("a label").label.key.clone()
            })
            .collect()
    }

    /// The view, and that of a village that goes on from the image, are the same.
    fn check_resumed(&mut self) {
        let before = self.village.view();
        let hash = self.village.state_hash();
        self.edit(|_| {});
        let after = self.village.view();
        assert_eq!(self.village.state_hash(), hash);
        let (before, after) = (&before.communities, &after.communities);
        assert!(before.submolts.iter().eq(after.submolts.iter()));
        assert!(before.labels.iter().eq(after.labels.iter()));
        assert!(before.attachments.iter().eq(after.attachments.iter()));
        assert_eq!(before.by_slug, after.by_slug);
        let members = before.members.len().max(after.members.len()) as u32;
        assert!((0..members).all(|no| before.member(no) == after.member(no)));
    }
}

#[test]
fn a_scenario_founds_its_communities_and_the_two_that_are_always_there() {
    let mut seeds: Vec<_> = ["help", "old-maps"].map(seed).into();
    seeds[1].description = "Maps.".to_owned();
    let mut scenario = testing::scenario(0);
    scenario.submolts = seeds;
    let mut village = testing::village(scenario);
    let slugs: Vec<String> = village.image().state.board.submolts;
    assert_eq!(slugs, ["town", "general", "help", "old-maps"]);
    let events = village.take_events();
    let told: Vec<&str> = events
        .iter()
        .filter_map(|record| match &record.event {
            Event::Community {
                agent: None,
                submolt,
                what,
            } if matches!(**what, CommunityEvent::Created { .. }) => Some(submolt.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(told, ["town", "general", "help", "old-maps"]);
    let view = village.view();
    let maps = view.communities.named("Old-Maps").expect("in any case");
    assert_eq!((maps.display_name.as_str(), maps.index), ("Old maps", 3));
    assert_eq!(maps.description, "Maps.");
    assert!(view.communities.named("oldmaps").is_none());
}

#[test]
fn whoever_founds_a_community_owns_it() {
    let mut stage = Stage::of(&PEOPLE);
    let Outcome::SubmoltCreated { submolt } = stage.act("Ada", create("Old-Maps")) else {
        panic!("no community");
    };
    let maps = stage.submolt("old-maps");
    assert_eq!(maps.id, submolt);
    assert_eq!(maps.display_name, "Old maps");
    assert_eq!(maps.moderators, [(stage.id("Ada"), Role::Owner)]);
    assert_eq!(maps.creator, Some(stage.id("Ada")));
    let post = stage.post_in("Bo", "OLD-MAPS");
    let view = stage.village.view();
    let no = stage.number(post) as usize;
    assert_eq!(
        view.posts.get(no).map(|it| it.submolt.as_str()),
        Some("old-maps")
    );
    stage.events();
    for (slug, code) in [
        ("old_maps", RejectionCode::Name),
        ("0ld-maps", RejectionCode::Name),
        ("all", RejectionCode::Name),
        ("a", RejectionCode::Name),
        ("two words", RejectionCode::Name),
        ("zoë", RejectionCode::Name),
    ] {
        assert_eq!(stage.refused("Bo", create(slug)), code, "{slug}");
    }
    stage.check_resumed();
}

#[test]
fn founding_has_a_limit_a_day() {
    let mut stage = Stage::with(&PEOPLE, |scenario| scenario.rules.submolts_per_day = 2);
    stage.act("Ada", create("maps"));
    stage.act("Ada", create("boats"));
    stage.events();
    assert_eq!(
        // Not `refused`, which would let a day go by.
        stage
            .command(Command::Act {
                agent: stage.id("Ada"),
                act: create("tea")
            })
            .map_err(|it| it.code),
        Err(RejectionCode::Quota)
    );
    stage.act("Bo", create("tea"));
    stage.ticks(14_400);
    stage.act("Ada", create("clocks"));
}

#[test]
fn settings_are_the_owners() {
    let mut stage = Stage::of(&PEOPLE);
    stage.act("Ada", create("maps"));
    let settings = SubmoltSettings {
        display_name: Some("Maps, old and new".to_owned()),
        rules: Some("Say where it is from.".to_owned()),
        theme_color: Some("#336699".to_owned()),
        is_nsfw: Some(true),
        ..SubmoltSettings::default()
    };
    stage.act("Ada", set("maps", settings.clone()));
    let maps = stage.submolt("maps");
    assert_eq!(maps.display_name, "Maps, old and new");
    assert_eq!(maps.description, "Old and new maps.");
    assert!(maps.is_nsfw && !maps.allow_crypto);
    stage.events();
    let forbidden = RejectionCode::Forbidden;
    assert_eq!(
        stage.refused("Bo", set("maps", settings.clone())),
        forbidden
    );
    assert_eq!(
        stage.refused("Ada", set("town", settings.clone())),
        forbidden
    );
    assert_eq!(
        stage.refused("Ada", set("mops", settings)),
        RejectionCode::NotFound
    );
    let bad = SubmoltSettings {
        theme_color: Some("blue".to_owned()),
        ..SubmoltSettings::default()
    };
    assert_eq!(
        stage.refused("Ada", set("maps", bad)),
        RejectionCode::Invalid
    );
    stage.check_resumed();
}

#[test]
fn moderators_are_named_by_owners_and_one_owner_stays() {
    let mut stage = Stage::of(&PEOPLE);
    stage.act("Ada", create("maps"));
    stage.act("Ada", name(&stage, "maps", "Bo", Some(Role::Moderator)));
    stage.act("Ada", name(&stage, "maps", "Cy", Some(Role::Owner)));
    stage.act("Ada", name(&stage, "maps", "Ada", None));
    let maps = stage.submolt("maps");
    let (bo, cy) = (stage.id("Bo"), stage.id("Cy"));
    assert_eq!(maps.moderators, [(bo, Role::Moderator), (cy, Role::Owner)]);
    stage.events();
    for (who, whom, role, code) in [
        ("Bo", "Di", Some(Role::Moderator), RejectionCode::Forbidden),
        ("Bo", "Cy", None, RejectionCode::Forbidden),
        ("Cy", "Cy", None, RejectionCode::Limit),
        ("Cy", "Cy", Some(Role::Moderator), RejectionCode::Limit),
        ("Cy", "Di", None, RejectionCode::NotFound),
    ] {
        let act = name(&stage, "maps", whom, role);
        assert_eq!(stage.refused(who, act), code, "{who} {whom} {role:?}");
    }
    stage.check_resumed();
    // Whoever leaves hands the community on.
    let agent = stage.id("Cy");
    stage.command(Command::Remove { agent }).expect("allowed");
    assert_eq!(stage.submolt("maps").moderators, [(bo, Role::Owner)]);
    stage.act("Bo", name(&stage, "maps", "Di", Some(Role::Owner)));
    stage.act("Bo", name(&stage, "maps", "Bo", None));
    stage.check_resumed();
}

#[test]
fn who_subscribes_is_counted_once() {
    let mut stage = Stage::of(&PEOPLE);
    stage.events();
    for _ in 0..2 {
        stage.act("Ada", subscribe("general", true));
    }
    stage.act("Bo", subscribe("general", true));
    stage.act("Ada", subscribe("town", true));
    assert_eq!(stage.submolt("general").subscribers, 2);
    let ada = stage.no("Ada");
    let member = |stage: &mut Stage, no| stage.village.view().communities.member(no).cloned();
    let subscriptions = member(&mut stage, ada).map(|it| it.subscriptions.clone());
    assert_eq!(subscriptions, Some(vec![0, 1]));
    let told = stage.events();
    assert_eq!(told.len(), 3, "{told:?}");
    stage.check_resumed();
    stage.act("Ada", subscribe("town", false));
    stage.act("Ada", subscribe("general", false));
    assert_eq!(stage.submolt("general").subscribers, 1);
    assert_eq!(member(&mut stage, ada), None);
    let agent = stage.id("Bo");
    stage.command(Command::Remove { agent }).expect("allowed");
    assert_eq!(stage.submolt("general").subscribers, 0);
    stage.events();
    let nowhere = subscribe("nowhere", true);
    assert_eq!(stage.refused("Ada", nowhere), RejectionCode::NotFound);
    stage.check_resumed();
}

#[test]
fn labels_go_where_they_belong() {
    let mut stage = Stage::of(&PEOPLE);
    stage.act("Ada", create("maps"));
    let tag = stage.label("Ada", "maps", label("river", LabelKind::Tag));
    let open = stage.label("Ada", "maps", label("open", LabelKind::Status));
    let done = stage.label("Ada", "maps", label("done", LabelKind::Status));
    let greeter = stage.label("Ada", "maps", label("greeter", LabelKind::Role));
    // The same key changes the label.
    let again = Label {
        color: "rose".to_owned(),
        ..label("river", LabelKind::Tag)
    };
    assert_eq!(stage.label("Ada", "maps", again), tag);
    let post = stage.post_in("Bo", "maps");
    let elsewhere = stage.post_in("Bo", "general");
    let on_post = LabelTarget::Post(post);
    let first = stage.attach("Bo", tag, on_post);
    assert_eq!(
        stage.attach("Ada", tag, on_post),
        first,
        "it is there already"
    );
    stage.attach("Bo", open, on_post);
    stage.attach("Ada", done, on_post);
    assert_eq!(stage.labels_on(post), ["river", "done"]);
    let cy = LabelTarget::Agent(stage.id("Cy"));
    let role = stage.attach("Ada", greeter, cy);
    let view = stage.village.view();
    let no = stage.no("Cy");
    assert_eq!(
        view.communities.member(no).map(|it| it.roles.len()),
        Some(1)
    );
    let number = stage.number(greeter) as usize;
    let holders = view
        .communities
        .labels
        .get(number)
        .map(|it| it.holders.len());
    assert_eq!(holders, Some(1));
    stage.check_resumed();
    stage.events();
    for (who, act, code) in [
        ("Cy", attach(tag, on_post), RejectionCode::Forbidden),
        ("Bo", attach(greeter, cy), RejectionCode::Forbidden),
        ("Ada", attach(greeter, on_post), RejectionCode::Invalid),
        ("Ada", attach(tag, cy), RejectionCode::Invalid),
        (
            "Bo",
            attach(tag, LabelTarget::Post(elsewhere)),
            RejectionCode::Invalid,
        ),
        ("Di", revoke(first), RejectionCode::Forbidden),
        (
            "Bo",
            define("maps", label("x", LabelKind::Tag)),
            RejectionCode::Forbidden,
        ),
        (
            "Ada",
            define("maps", label("river", LabelKind::Status)),
            RejectionCode::Invalid,
        ),
    ] {
        assert_eq!(stage.refused(who, act.clone()), code, "{who} {act:?}");
    }
    // Whoever holds a role may lay it down, and whoever put a label up may take it off.
    stage.act("Cy", revoke(role));
    stage.act("Bo", revoke(first));
    assert_eq!(stage.labels_on(post), ["done"]);
    assert_eq!(stage.village.view().communities.member(no), None);
    stage.events();
    assert_eq!(stage.refused("Ada", revoke(first)), RejectionCode::NotFound);
    stage.check_resumed();
}

#[test]
fn a_community_has_so_many_labels_and_no_more() {
    let mut stage = Stage::of(&PEOPLE);
    stage.act("Ada", create("maps"));
    for n in 0..LABELS_MAX {
        stage.label("Ada", "maps", label(&format!("l{n}"), LabelKind::Tag));
    }
    stage.events();
    let more = define("maps", label("more", LabelKind::Tag));
    assert_eq!(stage.refused("Ada", more), RejectionCode::Limit);
    stage.label("Ada", "maps", label("l3", LabelKind::Tag));
}

#[test]
fn an_image_that_knows_only_slugs_gets_the_rest() {
    let mut stage = Stage::of(&PEOPLE);
    stage.edit(|state| {
        state.communities = hamlet_protocol::community::CommunitiesImage::default();
    });
    let general = stage.submolt("general");
    assert_eq!(general.display_name, "General");
    assert!(general.description.starts_with("Everything"));
    stage.check_resumed();
}
