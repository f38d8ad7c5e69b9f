// What libstarling.so shows of itself: the classes and functions of the public headers, no more.
#pragma once

#if defined(_WIN32)
#if defined(STARLING_BUILDING)
#define STARLING_API __declspec(dllexport)
#else
#define STARLING_API __declspec(dllimport)
#endif
#else
#define STARLING_API __attribute__((visibility("default")))
#endif
