#pragma once
inline constexpr int kOne = 1;
