//! dfdx: attention and transformers.

mod transformer {
    use crate::containers::{Repeated, Residual};
    use crate::layers::{LayerNorm1D, Linear};
    use crate::parameter_free::ReLU;

    pub struct MultiHeadAttention<
        const EMBED_DIM: usize,
        const NUM_HEADS: usize,
        const K_DIM: usize = EMBED_DIM,
        const V_DIM: usize = EMBED_DIM,
    > {
        pub w_q: Linear<EMBED_DIM, K_DIM>,
        pub w_k: Linear<EMBED_DIM, K_DIM>,
        pub w_v: Linear<EMBED_DIM, V_DIM>,
        pub w_o: Linear<V_DIM, EMBED_DIM>,
    }

    impl<const EMBED_DIM: usize, const NUM_HEADS: usize, const K_DIM: usize, const V_DIM: usize>
        MultiHeadAttention<EMBED_DIM, NUM_HEADS, K_DIM, V_DIM>
    {
        pub fn build() -> Self {
            MultiHeadAttention {
                w_q: dfdx::build::<Linear<EMBED_DIM, K_DIM>>(),
                w_k: dfdx::build::<Linear<EMBED_DIM, K_DIM>>(),
                w_v: dfdx::build::<Linear<EMBED_DIM, V_DIM>>(),
                w_o: dfdx::build::<Linear<V_DIM, EMBED_DIM>>(),
            }
        }
    }

    type FeedForward<const M: usize, const F: usize> = Residual<(Linear<M, F>, ReLU, Linear<F, M>)>;

    pub struct TransformerEncoderBlock<const M: usize, const H: usize, const F: usize> {
        pub self_attn: MultiHeadAttention<M, H, M, M>,
        pub norm1: LayerNorm1D<M>,
        pub ff: FeedForward<M, F>,
        pub norm2: LayerNorm1D<M>,
    }

    impl<const M: usize, const H: usize, const F: usize> TransformerEncoderBlock<M, H, F> {
        pub fn build() -> Self {
            TransformerEncoderBlock {
                self_attn: dfdx::build::<MultiHeadAttention<M, H, M, M>>(),
                norm1: dfdx::build::<LayerNorm1D<M>>(),
                ff: dfdx::build::<FeedForward<M, F>>(),
                norm2: dfdx::build::<LayerNorm1D<M>>(),
            }
        }
    }

    pub struct TransformerDecoderBlock<const M: usize, const H: usize, const F: usize> {
        pub self_attn: MultiHeadAttention<M, H, M, M>,
        pub norm1: LayerNorm1D<M>,
        pub mh_attn: MultiHeadAttention<M, H, M, M>,
        pub norm2: LayerNorm1D<M>,
        pub ff: FeedForward<M, F>,
        pub norm3: LayerNorm1D<M>,
    }

    impl<const M: usize, const H: usize, const F: usize> TransformerDecoderBlock<M, H, F> {
        pub fn build() -> Self {
            TransformerDecoderBlock {
                self_attn: dfdx::build::<MultiHeadAttention<M, H, M, M>>(),
                norm1: dfdx::build::<LayerNorm1D<M>>(),
                mh_attn: dfdx::build::<MultiHeadAttention<M, H, M, M>>(),
                norm2: dfdx::build::<LayerNorm1D<M>>(),
                ff: dfdx::build::<FeedForward<M, F>>(),
                norm3: dfdx::build::<LayerNorm1D<M>>(),
            }
        }
    }

    /// Blocks named by their place alone.
    pub type TransformerEncoder<const M: usize, const H: usize, const F: usize, const L: usize> =
        Repeated<TransformerEncoderBlock<M, H, F>, L>;

    /// Blocks in a wrapper: one more `0` in their names than in the encoder's.
    pub struct TransformerDecoder<const M: usize, const H: usize, const F: usize, const L: usize>(
        pub Repeated<TransformerDecoderBlock<M, H, F>, L>,
    );

    impl<const M: usize, const H: usize, const F: usize, const L: usize>
        TransformerDecoder<M, H, F, L>
    {
        pub fn build() -> Self {
            TransformerDecoder(dfdx::build::<Repeated<TransformerDecoderBlock<M, H, F>, L>>())
        }
    }

    /// `A` encoder blocks and `B` decoder blocks.
    pub struct Transformer<
        const M: usize,
        const H: usize,
        const A: usize,
        const B: usize,
        const F: usize,
    > {
        pub encoder: TransformerEncoder<M, H, F, A>,
        pub decoder: TransformerDecoder<M, H, F, B>,
    }

    impl<const M: usize, const H: usize, const A: usize, const B: usize, const F: usize>
        Transformer<M, H, A, B, F>
    {
        pub fn build() -> Self {
            Transformer {
                encoder: dfdx::build::<TransformerEncoder<M, H, F, A>>(),
                decoder: dfdx::build::<TransformerDecoder<M, H, F, B>>(),
            }
        }
    }
}
