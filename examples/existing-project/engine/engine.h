#pragma once
int engine_run();
int engine_start();
