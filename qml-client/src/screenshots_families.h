// The pictures of --screenshots, one family of screens in each screenshots_*.cpp. Every family
// finds the window in light, 1040 x 720, with the conversation with grace open and no panel, and
// leaves it so (the first ones make it so). False: what failed is said on stderr.
#pragma once

#include <functional>

#include "qml-client/src/photographer.h"

namespace starling_app {

bool take_login_pictures(Photographer& photographer);  // Until ada is logged in.
bool take_chat_pictures(Photographer& photographer);   // From the log-in on.
bool take_group_pictures(Photographer& photographer);
bool take_account_pictures(Photographer& photographer);
bool take_palette_pictures(Photographer& photographer);
bool take_search_pictures(Photographer& photographer);
bool take_timeline_pictures(Photographer& photographer);
bool take_language_pictures(Photographer& photographer);
bool take_people_pictures(Photographer& photographer);
bool take_large_pictures(Photographer& photographer);  // With large text.
bool take_small_pictures(Photographer& photographer);
bool take_world_pictures(Photographer& photographer);     // Other scripts, long names, emoji.
bool take_presence_pictures(Photographer& photographer);  // Others log in, and are gone after it.
// The last ones: they kill the servers. None without a cluster that may be hurt.
bool take_failover_pictures(Photographer& photographer);

// The panel of the cluster: opens it, waits until so many servers have answered and the others not,
// takes the picture, closes it.
bool take_cluster_panel(Photographer& photographer, int answering,
                        const std::function<bool()>& picture);
inline constexpr int kAllServers = -1;

}  // namespace starling_app
