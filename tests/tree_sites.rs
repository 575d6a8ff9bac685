//! Where each model is trained, and in which group each of its parameters lands, read from programs that compile.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

/// The models of a fixture, by their constructors.
fn models(fixture: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(fixture);
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-modlint"))
        .args(["tree", "--message-format", "json"])
        .arg(&path)
        .output()
        .unwrap();
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["schema"], 1);
    document["models"].as_array().unwrap().clone()
}

fn sites(fixture: &str, constructor: &str) -> Vec<Value> {
    let models = models(fixture);
    let model = models
        .iter()
        .find(|model| model["constructor"] == constructor);
    let model = model.unwrap_or_else(|| panic!("{fixture} has no {constructor}"));
    model["sites"].as_array().unwrap().clone()
}

fn groups(fixture: &str, constructor: &str) -> Vec<Value> {
    let sites = sites(fixture, constructor);
    sites.iter().map(|site| site["groups"].clone()).collect()
}

#[test]
fn without_a_splitter_all_parameters_are_in_one_group() {
    let one_group = |parameters: [&str; 4]| {
        vec![json!([{ "name": "0", "selector": null, "parameters": parameters }])]
    };
    assert_eq!(
        groups("tch-0.26/flat_sequential/examples/flat.rs", "main"),
        one_group(["body.bias", "body.weight", "head.bias", "head.weight"])
    );
    assert_eq!(
        groups("candle-0.11/flat_sequential/examples/flat.rs", "main"),
        one_group(["body.bias", "body.weight", "head.bias", "head.weight"])
    );
    assert_eq!(
        groups("burn-0.22/flat_sequential/examples/flat.rs", "Mlp::new"),
        one_group([
            "layers.0.bias",
            "layers.0.weight",
            "layers.2.bias",
            "layers.2.weight"
        ])
    );
}

#[test]
fn a_site_has_its_place_and_its_optimizer() {
    let sites = sites("tch-0.26/flat_sequential/examples/own_splitter.rs", "main");
    assert_eq!(sites.len(), 1);
    assert_eq!(sites[0]["optimizer"], "Adam");
    assert_eq!(sites[0]["loads_weights"], false);
    let file = sites[0]["span"]["file"].as_str().unwrap();
    let text = std::fs::read_to_string(file).unwrap();
    let place = |key: &str| sites[0]["span"][key].as_u64().unwrap() as usize;
    assert_eq!(
        &text[place("byte_start")..place("byte_end")],
        "nn::Adam::default().build(&vs, 1e-3)"
    );
}

#[test]
fn set_group_puts_parameters_into_groups_by_number() {
    assert_eq!(
        groups("tch-0.26/flat_sequential/examples/own_splitter.rs", "main"),
        [json!([
            { "name": "0", "selector": null, "parameters": ["body.bias", "body.weight"] },
            { "name": "1", "selector": null, "parameters": ["head.bias", "head.weight"] },
        ])]
    );
}

#[test]
fn a_param_group_has_the_selector_that_picks_it() {
    assert_eq!(
        groups(
            "burn-0.22/flat_sequential/examples/own_splitter.rs",
            "Mlp::new"
        ),
        [json!([
            { "name": "0", "selector": null, "parameters": ["layers.0.bias", "layers.0.weight"] },
            { "name": "1", "selector": "layers.2.", "parameters": ["layers.2.bias", "layers.2.weight"] },
        ])]
    );
}

#[test]
fn optimizers_over_filters_are_sites_of_their_own() {
    let group = |layer: &str| {
        let parameters = [format!("{layer}.bias"), format!("{layer}.weight")];
        json!([{ "name": "0", "selector": null, "parameters": parameters }])
    };
    assert_eq!(
        groups(
            "candle-0.11/flat_sequential/examples/own_splitter_by_filter.rs",
            "main"
        ),
        [group("body"), group("head")]
    );
}

#[test]
fn what_part_of_the_gradients_an_optimizer_gets_is_not_told() {
    assert_eq!(
        groups(
            "burn-0.22/flat_sequential/examples/own_splitter_by_gradients.rs",
            "Mlp::new"
        ),
        [json!([]), json!([])]
    );
}

#[test]
fn a_part_of_a_model_has_the_sites_of_the_whole_with_its_own_paths() {
    for framework in ["candle-0.11", "tch-0.26", "burn-0.22"] {
        let fixture = format!("{framework}/collapsed_fine_tune/examples/pretrained_backbone.rs");
        let whole = sites(&fixture, "Classifier::new");
        let part = sites(&fixture, "Backbone::new");
        assert_eq!((whole.len(), part.len()), (1, 1), "{framework}");
        assert_eq!(whole[0]["span"], part[0]["span"], "{framework}");
        assert_eq!(whole[0]["loads_weights"], true, "{framework}");
        assert_eq!(
            part[0]["groups"][0]["parameters"],
            json!(["stage.bias", "stage.weight", "stem.bias", "stem.weight"]),
            "{framework}"
        );
    }
}

#[test]
fn a_model_that_is_not_trained_has_no_sites() {
    assert!(
        sites(
            "candle-0.11/flat_sequential/examples/inference_only.rs",
            "main"
        )
        .is_empty()
    );
}

#[test]
fn a_person_sees_the_group_that_each_module_lands_in() {
    let path = "fixtures/tch-0.26/flat_sequential/examples/own_splitter.rs";
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-modlint"))
        .args(["tree", path])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    for line in [
        "  body  2 parameters  group 0\n",
        "  head  2 parameters  group 1\n",
        "    group 1: 2 parameters\n",
    ] {
        assert!(text.contains(line), "{line:?} is not in:\n{text}");
    }
}
