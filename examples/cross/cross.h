#pragma once
int cross(void);
int more(void);
