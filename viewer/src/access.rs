//! The way to readers of the screen, both ways: the tree of what is there goes out while somebody reads it, and what they ask for comes in.
//!
//! `bevy_egui` hands a tree that egui makes to the platform, but it has egui make one in every frame from the first on, and it leaves what a reader asks for lying.

use bevy::a11y::{AccessibilityRequested, ActionRequest};
use bevy::prelude::*;
use bevy_egui::{EguiContext, EguiInput, EguiPreUpdateSet, PrimaryEguiContext, egui};

/// What a reader asks for in one frame at most: what is more than that, nobody pressed.
const ASKED_MAX: usize = 256;

/// Both ways, before the panels are drawn.
pub(crate) fn plugin(app: &mut App) {
    // Without a window nobody else brings these.
    app.init_resource::<AccessibilityRequested>()
        .add_message::<ActionRequest>()
        .add_systems(
            PreUpdate,
            (offer, bring)
                .after(EguiPreUpdateSet::ProcessInput)
                .before(EguiPreUpdateSet::BeginPass),
        );
}

/// Has egui make the tree while a reader is there, and only then: it is work in every frame.
fn offer(asked: Res<AccessibilityRequested>, mut contexts: Query<&mut EguiContext>) {
    let is_read = asked.get();
    for mut context in &mut contexts {
        let ctx = context.get_mut();
        if is_read {
            ctx.enable_accesskit();
        } else {
            ctx.disable_accesskit();
        }
    }
}

/// Brings egui what a reader asks for: a press, the focus, another value.
fn bring(
    mut requests: MessageReader<ActionRequest>,
    mut windows: Query<&mut EguiInput, With<PrimaryEguiContext>>,
) {
    // There is one window, so nobody has to say which is meant.
    let Ok(mut input) = windows.single_mut() else {
        requests.clear();
        return;
    };
    for request in requests.read().take(ASKED_MAX) {
        let event = egui::Event::AccessKitActionRequest(request.0.clone());
        input.events.push(event);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::accesskit::{Action, ActionData, NodeId, Role, TreeId, TreeUpdate};

    /// An app with nothing but this and a window's context.
    fn app() -> (App, Entity) {
        let mut app = App::new();
        app.add_plugins(plugin);
        let window = app.world_mut().spawn(PrimaryEguiContext).id();
        (app, window)
    }

    fn come(app: &mut App) {
        app.world().resource::<AccessibilityRequested>().set(true);
    }

    /// Draws a frame with a button and a field; gives back the tree, and whether the button was pressed.
    fn draw(app: &mut App, window: Entity) -> (Option<TreeUpdate>, bool) {
        app.update();
        let mut input = app.world_mut().get_mut::<EguiInput>(window).unwrap();
        let input = std::mem::take(&mut input.0);
        let mut context = app.world_mut().get_mut::<EguiContext>(window).unwrap();
        let ctx = context.get_mut().clone();
        let mut pressed = false;
        let mut out = ctx.run_ui(input, |ui| {
            pressed |= ui.button("Press").clicked();
            drop(ui.button("Let be"));
        });
        // Nothing is drawn here.
        out.textures_delta.clear();
        (out.platform_output.accesskit_update, pressed)
    }

    fn button(tree: &TreeUpdate, label: &str) -> NodeId {
        let mut nodes = tree.nodes.iter();
        let found = nodes.find(|it| it.1.role() == Role::Button && it.1.label() == Some(label));
        found.expect("it is in the tree").0
    }

    fn ask(app: &mut App, action: Action, target_node: NodeId, data: Option<ActionData>) {
        app.world_mut()
            .write_message(ActionRequest(egui::accesskit::ActionRequest {
                action,
                target_tree: TreeId::ROOT,
                target_node,
                data,
            }));
    }

    #[test]
    fn a_window_that_nobody_reads_pays_nothing_for_readers() {
        let (mut app, window) = app();
        // As `bevy_egui` leaves it.
        let mut context = app.world_mut().get_mut::<EguiContext>(window).unwrap();
        context.get_mut().enable_accesskit();
        assert!(draw(&mut app, window).0.is_none());
        come(&mut app);
        let tree = draw(&mut app, window).0.expect("somebody reads it");
        button(&tree, "Press");
        app.world().resource::<AccessibilityRequested>().set(false);
        assert!(draw(&mut app, window).0.is_none(), "they have gone");
    }

    #[test]
    fn what_a_reader_asks_for_is_done_once() {
        let (mut app, window) = app();
        come(&mut app);
        let (tree, pressed) = draw(&mut app, window);
        let tree = tree.expect("somebody reads it");
        assert!(!pressed);
        ask(&mut app, Action::Click, button(&tree, "Let be"), None);
        assert!(!draw(&mut app, window).1, "another was meant");
        ask(&mut app, Action::Click, button(&tree, "Press"), None);
        assert!(draw(&mut app, window).1);
        assert!(!draw(&mut app, window).1, "once is once");
    }

    #[test]
    fn a_reader_moves_the_focus() {
        let (mut app, window) = app();
        come(&mut app);
        let tree = draw(&mut app, window).0.expect("somebody reads it");
        let wanted = button(&tree, "Let be");
        assert_ne!(tree.focus, wanted);
        ask(&mut app, Action::Focus, wanted, None);
        draw(&mut app, window);
        let tree = draw(&mut app, window).0.expect("somebody reads it");
        assert_eq!(tree.focus, wanted);
    }

    #[test]
    fn what_is_asked_for_without_a_window_is_let_go_of() {
        let (mut app, window) = app();
        come(&mut app);
        let tree = draw(&mut app, window).0.expect("somebody reads it");
        let wanted = button(&tree, "Press");
        app.world_mut().despawn(window);
        ask(&mut app, Action::Click, wanted, None);
        app.update();
        let window = app.world_mut().spawn(PrimaryEguiContext).id();
        assert!(!draw(&mut app, window).1, "that was another window's");
    }
}
