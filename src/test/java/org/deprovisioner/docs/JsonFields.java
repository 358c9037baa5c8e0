package org.deprovisioner.docs;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The fields that a report has as JSON, each by its path: {@code batches[].rows}. */
final class JsonFields {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private JsonFields() {}

    static Set<String> of(Class<?> report) {
        Set<String> fields = new TreeSet<>();
        add(MAPPER.constructType(report), "", fields);
        return fields;
    }

    private static void add(JavaType type, String path, Set<String> fields) {
        if (type.isTypeOrSubTypeOf(Optional.class)) {
            add(type.containedType(0), path, fields);
        } else if (type.isCollectionLikeType()) {
            add(type.getContentType(), path + "[]", fields);
        } else if (type.isMapLikeType()) {
            add(type.getContentType(), path + ".*", fields);
        } else if (type.getRawClass().isRecord()) {
            for (BeanPropertyDefinition field : written(type)) {
                boolean inPlace = field.getAccessor().hasAnnotation(JsonUnwrapped.class);
                String name = path.isEmpty() ? field.getName() : path + "." + field.getName();
                add(field.getAccessor().getType(), inPlace ? path : name, fields);
            }
        } else {
            fields.add(path);
        }
    }

    private static List<BeanPropertyDefinition> written(JavaType type) {
        return new ArrayList<>(MAPPER.getSerializationConfig().introspect(type).findProperties().stream()
                .filter(BeanPropertyDefinition::couldSerialize)
                .toList());
    }
}
