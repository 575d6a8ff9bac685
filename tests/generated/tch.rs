//! tch: chains whose paths are written in many ways.

use std::fmt::Write;

use super::Dice;

/// A path below `p`, which is a `&nn::Path`, written in one of many ways.
fn path(dice: &mut Dice, number: usize) -> String {
    let name = format!("\"layer{number}\"");
    match dice.below(8) {
        0 => format!("p / {name}"),
        1 => format!("&(p / {name})"),
        2 => format!("p.sub({name})"),
        3 => format!("(p) / {name}"),
        4 => format!("p / \"block\" / {name}"),
        5 => format!("&p.sub(\"block\") / {name}"),
        6 => format!("(&*p) / {name}"),
        _ => format!("{{ let q = p / {name}; q }}"),
    }
}

fn layer(dice: &mut Dice, number: usize) -> String {
    let path = path(dice, number);
    match dice.below(5) {
        0 => format!("nn::layer_norm({path}, vec![8], Default::default())"),
        1 => format!("dense({path})"),
        2 => format!("dense!({path})"),
        _ => format!("nn::linear({path}, 8, 8, Default::default())"),
    }
}

pub fn program(seed: u64) -> String {
    let mut dice = Dice::of(seed);
    let (tab, end) = (dice.one_of(&["    ", "\t"]), dice.one_of(&["\n", "\r\n"]));
    let mut text = String::from(
        "use tch::nn::{self, Module, OptimizerConfig};\n\n\
         macro_rules! dense {\n    ($p:expr) => {\n        nn::linear($p, 8, 8, Default::default())\n    };\n}\n\n\
         fn dense(p: nn::Path) -> nn::Linear {\n    nn::linear(p, 8, 8, Default::default())\n}\n\n",
    );
    let models = 1 + dice.below(2);
    for model in 0..models {
        writeln!(
            text,
            "fn model{model}(p: &nn::Path) -> nn::Sequential {{\n    nn::seq()"
        )
        .unwrap();
        for number in 0..1 + dice.below(5) as usize {
            // A function takes a path of its own.
            let layer = layer(&mut dice, number).replace("dense(&", "dense!(&");
            writeln!(text, "        .add({layer}) // größer {number}").unwrap();
            if dice.below(2) == 0 {
                writeln!(text, "        .add_fn(|xs| xs.relu())").unwrap();
            }
        }
        writeln!(text, "}}\n").unwrap();
    }
    text.push_str("fn main() -> Result<(), tch::TchError> {\n    let mut vs = nn::VarStore::new(tch::Device::Cpu);\n");
    for model in 0..models {
        writeln!(
            text,
            "    let model{model} = model{model}(&(vs.root() / \"model{model}\"));"
        )
        .unwrap();
    }
    if dice.below(3) == 0 {
        text.push_str("    vs.load(\"pretrained.safetensors\")?;\n");
    }
    text.push_str("    let mut optimizer = nn::Adam::default().build(&vs, 1e-3)?;\n");
    for model in 0..models {
        writeln!(
            text,
            "    let xs = tch::Tensor::zeros([2, 8], (tch::Kind::Float, tch::Device::Cpu));\n    optimizer.backward_step(&model{model}.forward(&xs).mean(tch::Kind::Float));"
        )
        .unwrap();
    }
    text.push_str("    Ok(())\n}\n");
    text.replace("    ", tab).replace('\n', end)
}
