//! The whole window at sizes that people have: nothing lies over anything else, and every panel can be reached.

use egui::accesskit::Role;

use super::super::layout::Tab;
use super::*;
use crate::mirror::sample::thinking;

/// A window with its layout, which lasts as it does in the app.
fn window<'a>(view: View, size: [f32; 2]) -> (Stage<'a>, Rc<RefCell<Layout>>) {
    let layout = Rc::new(RefCell::new(Layout::new(size[0])));
    let kept = Rc::clone(&layout);
    let whole = move |ctx: &ViewContext<'_>, out: &mut CommandQueue, ui: &mut egui::Ui| {
        whole_ui(ctx, out, &mut kept.borrow_mut(), ui);
    };
    let mut stage = stage(thinking(), view, size, whole);
    stage.settle();
    (stage, layout)
}

fn screen(size: [f32; 2]) -> egui::Rect {
    egui::Rect::from_min_size(egui::Pos2::ZERO, size.into())
}

/// Where the only thing called so stands.
fn rect(stage: &Stage<'_>, label: &str) -> egui::Rect {
    stage.harness.get_by_label(label).rect()
}

/// No two of these lie over each other, and all of them lie within the window.
fn assert_apart(stage: &Stage<'_>, labels: &[&str], size: [f32; 2]) {
    let rects: Vec<egui::Rect> = labels.iter().map(|label| rect(stage, label)).collect();
    for (no, one) in rects.iter().enumerate() {
        let label = labels[no];
        assert!(screen(size).contains_rect(*one), "{label}: {one:?}");
        for (other, two) in rects.iter().enumerate().skip(no + 1) {
            let over = one.shrink(0.5).intersects(two.shrink(0.5));
            assert!(!over, "{label} {one:?}, {} {two:?}", labels[other]);
        }
    }
}

const SMALL: [f32; 2] = [320.0, 240.0];

#[test]
fn a_small_window_shows_every_panel_one_at_a_time() {
    let (mut stage, layout) = window(View::default(), SMALL);
    let strip = [
        ("Board", Tab::Board, "✏ Write"),
        ("Inspector", Tab::Inspector, "🔍 Search"),
        ("Talk", Tab::Talk, "Talk"),
        ("Charts", Tab::Charts, "1 hour"),
        ("Messages", Tab::Messages, "Messages"),
        ("Models", Tab::Models, "endpoint 1"),
        ("Admin", Tab::Admin, "Admin"),
        ("Town", Tab::Town, "Town"),
    ];
    let mut labels: Vec<&str> = strip.iter().map(|it| it.0).collect();
    labels.extend(["Stop time", "Search", "Everything else"]);
    assert_eq!(layout.borrow().front(), Tab::Town);
    assert_apart(&stage, &labels, SMALL);
    let below = labels.iter().map(|label| rect(&stage, label).bottom());
    let below = below.fold(0.0_f32, f32::max);
    assert!(
        below < SMALL[1] * 0.5,
        "half of it is for the panel: {below}"
    );
    for (label, tab, content) in strip {
        stage.click(label);
        assert_eq!(layout.borrow().front(), tab);
        let mut there = stage.harness.get_all_by_label(content);
        let there = there.next().expect("the panel is drawn").rect();
        assert!(
            there.left() < SMALL[0] && there.top() < SMALL[1],
            "{there:?}"
        );
    }
}

#[test]
fn a_small_window_has_everything_else_in_a_menu() {
    let (mut stage, _layout) = window(View::default(), SMALL);
    let wishes = stage.click("Stop time");
    let pause = Wish::Steer(TimeOrder::Pause);
    assert!(wishes.contains(&pause), "{wishes:?}");
    stage.click("Everything else");
    let menu = ["🔍 Search", "⛶ The whole town", "? Keys"];
    assert_apart(&stage, &menu, SMALL);
    let wishes = stage.click("? Keys");
    assert!(wishes.contains(&Wish::Help(true)), "{wishes:?}");
}

#[test]
fn a_panel_that_is_asked_for_comes_to_the_front_of_a_small_window() {
    let view = View {
        wanted: Some(PanelName::Charts),
        ..View::default()
    };
    let (stage, layout) = window(view, SMALL);
    assert_eq!(layout.borrow().front(), Tab::Charts);
    stage.harness.get_by_label("1 hour");
}

#[test]
fn dialogs_fit_into_a_small_window() {
    let view = View {
        signing_in: true,
        ..View::default()
    };
    let (stage, _layout) = window(view, SMALL);
    let fields = stage.harness.query_all_by_role(Role::TextInput);
    let mut fields: Vec<egui::Rect> = fields.map(|it| it.rect()).collect();
    let password = stage.harness.query_all_by_role(Role::PasswordInput);
    fields.extend(password.map(|it| it.rect()));
    assert_eq!(fields.len(), 2, "{fields:?}");
    let button = stage.harness.get_by_role_and_label(Role::Button, "Sign in");
    fields.push(button.rect());
    for field in &fields {
        assert!(screen(SMALL).contains_rect(*field), "{fields:?}");
    }
}

#[test]
fn a_narrow_window_keeps_the_way_to_panels_that_are_closed() {
    let size = [600.0, 560.0];
    for (panel, wish) in [("Models", PanelName::Models), ("Admin", PanelName::Admin)] {
        let (mut stage, _layout) = window(View::default(), size);
        assert_apart(&stage, &["Stop time", "Search", "Everything else"], size);
        stage.click("Everything else");
        let wishes = stage.click(panel);
        assert!(wishes.contains(&Wish::Panel(wish)), "{wishes:?}");
    }
}

#[test]
fn a_panel_is_closed_by_key_and_the_map_is_not() {
    let size = [1_100.0, 700.0];
    let view = View {
        wanted: Some(PanelName::Charts),
        ..View::default()
    };
    let (mut stage, layout) = window(view, size);
    let has = |layout: &RefCell<Layout>, tab: &str| {
        let text = layout.borrow().to_text().expect("it can be written");
        text.contains(&format!("\"{tab}\""))
    };
    assert!(has(&layout, "Charts"));
    // It is asked for in every frame here, and comes back after each press.
    let close = |stage: &mut Stage<'_>| {
        let held = egui::Modifiers::COMMAND;
        stage.harness.key_press_modifiers(held, egui::Key::W);
        stage.settle();
    };
    close(&mut stage);
    assert!(has(&layout, "Charts") && has(&layout, "Board"));
    let (mut stage, layout) = window(View::default(), size);
    layout.borrow_mut().show(PanelName::Charts);
    close(&mut stage);
    assert!(!has(&layout, "Charts"));
    assert!(has(&layout, "Board") && has(&layout, "Town"));
    layout.borrow_mut().show(PanelName::Board);
    close(&mut stage);
    assert!(!has(&layout, "Board"));
    layout.borrow_mut().show(PanelName::Board);
    assert!(has(&layout, "Board"), "its key opens it again");
    for _ in 0..8 {
        close(&mut stage);
    }
    assert!(has(&layout, "Town"));
}

#[test]
fn panels_are_scrolled_by_key() {
    let size = [1_100.0, 300.0];
    let (mut stage, _layout) = window(View::default(), size);
    let title = "The bridge is slippery";
    let before = rect(&stage, title).top();
    let mut press = |key| {
        stage.harness.key_press_modifiers(egui::Modifiers::ALT, key);
        // It glides.
        stage.harness.run_steps(90);
        rect(&stage, title).top()
    };
    let below = press(egui::Key::ArrowDown);
    assert!(below < before - 20.0, "{below}, {before}");
    let back = press(egui::Key::ArrowUp);
    assert!((back - before).abs() < 1.0, "{back}, {before}");
}

#[test]
fn vast_windows_have_their_bar_at_the_top_and_panels_at_the_side() {
    for size in [[3_840.0, 2_160.0], [7_680.0, 4_320.0]] {
        let (mut stage, _layout) = window(View::default(), size);
        let bar = [
            "Stop time",
            "One tick",
            "Panels",
            "The whole town",
            "Search",
            "Keys",
        ];
        assert_apart(&stage, &bar, size);
        for label in bar {
            assert!(rect(&stage, label).bottom() < 60.0, "{label}");
        }
        let write = rect(&stage, "✏ Write");
        assert!(screen(size).contains_rect(write), "{write:?}");
        assert!(write.left() > size[0] * 0.5, "{write:?}");
        stage.click("Panels");
        let wishes = stage.click("Admin");
        let admin = Wish::Panel(PanelName::Admin);
        assert!(wishes.contains(&admin), "{wishes:?}");
    }
}
