/** What libraries would load where it is there, to do what is not asked of them: where they are bundled, it is left out. */
export const OPTIONAL_LIBRARIES = ["xmlbuilder2"];
