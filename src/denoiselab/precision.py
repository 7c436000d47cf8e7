"""Which hardware computes in bfloat16, rather than emulating it."""

import torch


def computes_bfloat16(device_type: str) -> bool:
    """Whether `cpu` or `cuda` here is faster in bfloat16 than in float32; False for any other device."""
    if device_type == "cuda":
        return torch.cuda.is_available() and torch.cuda.is_bf16_supported(including_emulation=False)
    if device_type == "cpu":
        return "AVX512" in torch.backends.cpu.get_cpu_capability() and torch.ops.mkldnn._is_mkldnn_bf16_supported()
    return False
