//! burn: modules whose layers lie in fields, tuples, arrays and lists.

use std::fmt::Write;

use super::Dice;

fn layer(dice: &mut Dice) -> (&'static str, &'static str) {
    match dice.below(4) {
        0 => ("LayerNorm", "LayerNormConfig::new(8).init(device)"),
        _ => ("Linear", "LinearConfig::new(8, 8).init(device)"),
    }
}

/// The fields of a module, how they are built, and how data goes through them.
fn fields(dice: &mut Dice) -> (String, String, String) {
    let count = 1 + dice.below(5) as usize;
    let (mut types, mut values, mut way) = (String::new(), String::new(), String::new());
    match dice.below(4) {
        0 => {
            for number in 0..count {
                let (ty, value) = layer(dice);
                writeln!(types, "    layer{number}: {ty},").unwrap();
                writeln!(values, "            layer{number}: {value}, // größer").unwrap();
                writeln!(way, "        let xs = self.layer{number}.forward(xs);").unwrap();
            }
        }
        1 => {
            let layers: Vec<_> = (0..count + 1).map(|_| layer(dice)).collect();
            let all = |part: fn(&(&'static str, &'static str)) -> &'static str| {
                layers.iter().map(part).collect::<Vec<_>>().join(", ")
            };
            writeln!(types, "    layers: ({}),", all(|layer| layer.0)).unwrap();
            writeln!(values, "            layers: ({}),", all(|layer| layer.1)).unwrap();
            for number in 0..layers.len() {
                writeln!(way, "        let xs = self.layers.{number}.forward(xs);").unwrap();
            }
        }
        2 => {
            writeln!(types, "    layers: [Linear; {count}],").unwrap();
            let value = "LinearConfig::new(8, 8).init(device)";
            let values_of = vec![value; count].join(", ");
            writeln!(values, "            layers: [{values_of}],").unwrap();
            way.push_str("        let mut xs = xs;\n        for layer in &self.layers {\n            xs = layer.forward(xs);\n        }\n");
        }
        _ => {
            writeln!(types, "    layers: Vec<Linear>,").unwrap();
            writeln!(
                values,
                "            layers: (0..{count}).map(|_| LinearConfig::new(8, 8).init(device)).collect(),"
            )
            .unwrap();
            way.push_str("        let mut xs = xs;\n        for layer in &self.layers {\n            xs = layer.forward(xs);\n        }\n");
        }
    }
    (types, values, way)
}

pub fn program(seed: u64) -> String {
    let mut dice = Dice::of(seed);
    let (tab, end) = (dice.one_of(&["    ", "\t"]), dice.one_of(&["\n", "\r\n"]));
    let mut text = String::from(
        "use burn::module::Module;\nuse burn::nn::{LayerNorm, LayerNormConfig, Linear, LinearConfig};\nuse burn::optim::{AdamConfig, AdamWConfig, GradientsParams, SgdConfig};\nuse burn::tensor::{Device, Tensor};\n\n",
    );
    let models = 1 + dice.below(2);
    for model in 0..models {
        let (types, values, way) = fields(&mut dice);
        writeln!(
            text,
            "#[derive(Module, Debug)]\nstruct Net{model} {{\n{types}}}\n\nimpl Net{model} {{\n    fn new(device: &Device) -> Self {{\n        Self {{\n{values}        }}\n    }}\n\n    fn forward(&self, xs: Tensor<2>) -> Tensor<2> {{\n{way}        xs\n    }}\n}}\n"
        )
        .unwrap();
    }
    text.push_str("fn main() {\n    let device = Device::flex().autodiff();\n");
    for model in 0..models {
        let config = dice.one_of(&[
            "AdamConfig::new()",
            "AdamWConfig::new().with_weight_decay(0.1)",
            "SgdConfig::new()",
        ]);
        writeln!(
            text,
            "    let mut net{model} = Net{model}::new(&device);\n    let mut optimizer{model} = {config}.init();\n    for _ in 0..3 {{\n        let loss = net{model}.forward(Tensor::<2>::zeros([2, 8], &device)).mean();\n        let grads = GradientsParams::from_grads(loss.backward(), &net{model});\n        net{model} = optimizer{model}.step(1e-3, net{model}, grads);\n    }}"
        )
        .unwrap();
    }
    text.push_str("}\n");
    text.replace("    ", tab).replace('\n', end)
}
