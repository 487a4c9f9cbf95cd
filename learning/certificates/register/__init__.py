"""«Sổ cấp giấy chứng nhận»: adding to the chain, checking it, and its forms on screen and paper."""
