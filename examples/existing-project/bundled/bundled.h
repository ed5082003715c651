#ifdef __cplusplus
extern "C"
#endif
int bundled_factor(void);
